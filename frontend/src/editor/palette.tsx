import { ChevronRight, PanelLeftClose, Search } from "lucide-react";
import { type CSSProperties, type DragEvent, useState } from "react";
import type { NodeType } from "understudy-client";

import { useAreTypesPending, useNodeTypes } from "../api/node-types.ts";
import { Button } from "../parts/button.tsx";
import { PALETTE_SEARCH, useCommands } from "./commands.ts";
import { byCategory, found } from "./catalogue.ts";
import { TypeIcon } from "./icons.ts";
import styles from "./palette.module.css";
import { togglePalette } from "./view.ts";

/** What is dragged out of the palette: the name of a type. */
export const TYPE_DRAGGED = "application/x-understudy-node-type";

/** The types of nodes that can be added, by category. */
export function Palette() {
  const types = useNodeTypes();
  const isPending = useAreTypesPending();
  const [words, setWords] = useState("");
  const categories = byCategory(found([...types.values()], words));
  return (
    <aside className={styles.palette} aria-label="Palette">
      <div className={styles.head}>
        <label className={styles.search}>
          <Search size={16} aria-hidden />
          <span className="unseen">Search node types</span>
          <input
            id={PALETTE_SEARCH}
            type="search"
            placeholder="Search"
            value={words}
            onChange={(event) => setWords(event.target.value)}
            onKeyDown={(event) => event.key === "Escape" && setWords("")}
          />
        </label>
        <Button icon={PanelLeftClose} look="quiet" isIconOnly onClick={togglePalette}>
          Close the palette
        </Button>
      </div>
      <div className={styles.body}>
        {categories.map(([category, entries]) => (
          <Category key={`${category} ${words !== ""}`} name={category} types={entries} />
        ))}
        {!isPending && categories.length === 0 && <p className={styles.none}>{wordsOfNone(words)}</p>}
      </div>
    </aside>
  );
}

function wordsOfNone(words: string): string {
  return words ? `No node type is about "${words}".` : "The node types could not be read. Open the page again.";
}

function Category({ name, types }: { readonly name: string; readonly types: readonly NodeType[] }) {
  return (
    <details className={styles.category} open>
      <summary>
        <ChevronRight size={14} aria-hidden />
        <span>{name}</span>
        <span className={styles.count}>{types.length}</span>
      </summary>
      <ul>
        {types.map((type) => (
          <li key={type.type}>
            <Entry type={type} />
          </li>
        ))}
      </ul>
    </details>
  );
}

function Entry({ type }: { readonly type: NodeType }) {
  const { add } = useCommands();
  return (
    <button
      type="button"
      className={styles.entry}
      style={{ "--type": type.color } as CSSProperties}
      title={type.description}
      draggable
      onDragStart={(event) => drag(event, type)}
      onClick={() => addHere(type, add)}
    >
      <span className={styles.icon}>
        <TypeIcon name={type.icon} size={16} />
      </span>
      <span className={styles.name}>{type.display_name}</span>
    </button>
  );
}

/** On a narrow screen the palette lies over the canvas: it goes, so that the new node is seen. */
function addHere(type: NodeType, add: (type: NodeType) => void): void {
  add(type);
  if (matchMedia("(width < 720px)").matches) togglePalette();
}

function drag(event: DragEvent, { type }: NodeType): void {
  event.dataTransfer.setData(TYPE_DRAGGED, type);
  event.dataTransfer.effectAllowed = "copy";
}
