/** The web view's own menu offers to load the window again and to go back: it opens in fields alone. */
import { useEffect } from "react";
import { takesText } from "../components/editing";

export function useNoForeignMenu(): void {
  useEffect(() => {
    const asked = (event: MouseEvent) => {
      if (!(event.target instanceof Element && takesText(event.target))) event.preventDefault();
    };
    window.addEventListener("contextmenu", asked);
    return () => window.removeEventListener("contextmenu", asked);
  }, []);
}
