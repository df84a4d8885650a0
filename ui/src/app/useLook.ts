/** Puts the user's settings on the page, where the styles read them. */
import { useLayoutEffect } from "react";
import type { SettingsView } from "../backend/client";

export function useLook({ theme, textSize }: SettingsView): void {
  useLayoutEffect(() => {
    const page = document.documentElement;
    page.dataset["theme"] = theme;
    page.style.setProperty("--text-size", `${textSize}px`);
  }, [theme, textSize]);
}
