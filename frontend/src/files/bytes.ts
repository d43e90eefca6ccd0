import { type RefCallback, useCallback } from "react";

/** A ref that shows bytes of this page in an element, for as long as that is there. */
export function useBytes(blob: Blob | undefined): RefCallback<HTMLImageElement | HTMLMediaElement> {
  return useCallback(
    (element: HTMLImageElement | HTMLMediaElement) => {
      if (!blob) return undefined;
      element.src = URL.createObjectURL(blob);
      return () => URL.revokeObjectURL(element.src);
    },
    [blob],
  );
}
