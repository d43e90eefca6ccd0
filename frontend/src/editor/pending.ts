import { create } from "zustand";

import type { End } from "./ports.ts";

interface Pending {
  /** The end from which a connection is being drawn. */
  readonly from: End | undefined;
}

export const usePending = create<Pending>()(() => ({ from: undefined }));
