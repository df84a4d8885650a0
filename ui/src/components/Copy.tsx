/** A button that copies, and says so for a moment. */
import { useEffect, useState } from "react";
import { copy } from "./clipboard";

export function Copy({ text, name = "Copy", tabIndex }: { text: string; name?: string; tabIndex?: number }) {
  const [outcome, setOutcome] = useState<"copied" | "refused" | null>(null);
  useEffect(() => {
    if (!outcome) return;
    const timer = setTimeout(() => setOutcome(null), 1600);
    return () => clearTimeout(timer);
  }, [outcome]);
  const shown = outcome === "copied" ? "Copied" : outcome === "refused" ? "Could not copy" : "Copy";
  return (
    <button
      type="button"
      className="plain"
      aria-label={name}
      tabIndex={tabIndex}
      onClick={() => void copy(text).then((copied) => setOutcome(copied ? "copied" : "refused"))}
    >
      {/* The longest word holds the place, so that nothing beside it moves. */}
      <span aria-live="polite">{shown}</span>
    </button>
  );
}
