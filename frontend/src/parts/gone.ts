import { useEffect, useRef } from "react";

import { isGone } from "../api/gone.ts";
import { readAgain } from "../api/outdated.ts";
import { notify } from "./notices.tsx";

/** Somebody else may remove what is open here: say so once reading it fails by that, read its list again, and leave. */
export function useLeaveWhenGone(error: unknown, name: string, list: string, onGone: () => void): void {
  const isOver = useRef(false);
  useEffect(() => {
    if (!isGone(error) || isOver.current) return;
    isOver.current = true;
    notify(`${name} is not there any more.`, "bad");
    readAgain(list);
    onGone();
  });
}
