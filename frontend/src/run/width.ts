import { type RefObject, useEffect, useState } from "react";

/** How wide an element is, in pixels, as it changes. */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const watching = new ResizeObserver(([entry]) => setWidth(entry!.contentRect.width));
    watching.observe(element.current!);
    return () => watching.disconnect();
  }, [element]);
  return width;
}
