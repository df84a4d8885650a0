/** A button that copies, and says so for a moment. */
import { useEffect, useState } from "react";
import { copy, copyFormatted } from "./clipboard";
import { Fresh } from "./Fresh";

interface Props {
  text: string;
  name?: string;
  tabIndex?: number;
  /** The same as it is shown, where its form should be copied too. */
  shown?: () => Element | null;
}

export function Copy({ text, name = "Copy", tabIndex, shown: find }: Props) {
  const [outcome, setOutcome] = useState<"copied" | "refused" | null>(null);
  useEffect(() => {
    if (!outcome) return;
    const timer = setTimeout(() => setOutcome(null), 1600);
    return () => clearTimeout(timer);
  }, [outcome]);
  const put = () => {
    const formatted = find?.();
    return formatted ? copyFormatted(text, formatted) : copy(text);
  };
  const shown = outcome === "copied" ? "Copied" : outcome === "refused" ? "Could not copy" : "Copy";
  return (
    <button
      type="button"
      className="plain"
      aria-label={name}
      tabIndex={tabIndex}
      onClick={() => void put().then((copied) => setOutcome(copied ? "copied" : "refused"))}
    >
      {/* The longest word holds the place, so that nothing beside it moves. */}
      <span aria-live="polite">
        <Fresh text={shown} />
      </span>
    </button>
  );
}
