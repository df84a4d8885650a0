/** The most that may be spent in a month. Kept when it is left, or with Enter. */
import { useId, useState } from "react";
import { composing } from "../keys";

const DOLLAR = 1_000_000_000;

interface Props {
  label: string;
  /** Billionths of a dollar; null: no limit. */
  cap: number | null;
  onKeep: (cap: number | null) => void;
}

export function Cap({ label, cap: before, onKeep }: Props) {
  const id = useId();
  const [text, setText] = useState<string | null>(null);
  const kept = before === null ? "" : (before / DOLLAR).toFixed(2);
  const keep = () => {
    const cap = read(text ?? kept);
    setText(null);
    if (text !== null && cap !== undefined && cap !== before) onKeep(cap);
  };
  return (
    <div className="field cap">
      <label htmlFor={id}>{label}</label>
      <span className="cap-line">
        <span aria-hidden="true">$</span>
        <input
          id={id}
          inputMode="decimal"
          placeholder="No limit"
          autoComplete="off"
          aria-invalid={text !== null && read(text) === undefined}
          value={text ?? kept}
          onChange={(event) => setText(event.target.value)}
          onBlur={keep}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !composing(event.nativeEvent)) keep();
          }}
        />
      </span>
    </div>
  );
}

/** Null for no limit; undefined for what is no amount. A limit of nothing is one. */
function read(text: string): number | null | undefined {
  const plain = text.trim().replace(",", ".");
  if (plain === "") return null;
  const amount = Number(plain);
  return Number.isFinite(amount) && amount >= 0 && amount < 1_000_000
    ? Math.round(amount * 100) * (DOLLAR / 100)
    : undefined;
}
