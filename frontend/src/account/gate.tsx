import type { ReactNode } from "react";

/** Lets people in: where the server asks who they are, they log in first. */
export function Gate({ children }: { readonly children: ReactNode }) {
  return children;
}
