import { useCallback, useRef } from "react";

import { notifyOf } from "./notices.tsx";

/** Does one thing at a time: what is asked for meanwhile, as by a double click, is not done. A failure is told. */
export function useOnce(): (act: () => Promise<void>) => void {
  const isBusy = useRef(false);
  return useCallback((act) => {
    if (isBusy.current) return;
    isBusy.current = true;
    void act()
      .catch(notifyOf)
      .finally(() => {
        isBusy.current = false;
      });
  }, []);
}
