/**
 * Whatever is dropped where nobody takes it opens nothing: the window stays as it is. Words may
 * be dragged into a field, but neither a file nor an address: a web view would go there.
 */
import { useEffect } from "react";
import { takesText } from "../components/editing";

export function useDrops(): void {
  useEffect(() => {
    const keep = (event: DragEvent) => {
      if (event.defaultPrevented) return;
      const types = [...(event.dataTransfer?.types ?? [])];
      const words = types.includes("text/plain") && !types.includes("Files") && !types.includes("text/uri-list");
      if (words && event.target instanceof Element && takesText(event.target)) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = "none";
    };
    const events = ["dragenter", "dragover", "drop"] as const;
    for (const name of events) window.addEventListener(name, keep);
    return () => {
      for (const name of events) window.removeEventListener(name, keep);
    };
  }, []);
}
