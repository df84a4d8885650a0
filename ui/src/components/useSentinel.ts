/** For what is put into the page only when the user comes near it. */
import { useCallback, useRef } from "react";

const NEAR_PX = 600;

/** Calls `seen` whenever the element comes near what is in view of the box that scrolls. */
export function useSentinel(box: string, seen: () => void) {
  const latest = useRef(seen);
  latest.current = seen;
  return useCallback(
    (element: HTMLElement | null) => {
      if (!element) return;
      const watching = new IntersectionObserver(
        (entries) => {
          if (entries.some((entry) => entry.isIntersecting)) latest.current();
        },
        { root: element.closest(box), rootMargin: `${NEAR_PX}px 0px` },
      );
      watching.observe(element);
      return () => watching.disconnect();
    },
    [box],
  );
}
