import { createContext } from "react";
import type { NodeType } from "understudy-client";

/** What all nodes need to know, and what seldom changes. */
interface Scene {
  readonly types: ReadonlyMap<string, NodeType>;
  /** The canvas is seen from so far that nothing small can be read. */
  readonly isFar: boolean;
}

export const SceneContext = createContext<Scene>({ types: new Map(), isFar: false });
