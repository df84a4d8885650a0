/** The quiet line in the left column while something is on its way. */
import { Icon } from "../../components/Icon";
import { transferWords } from "../../components/models/TransferRow";
import { useChosen } from "../../session/context";
import "./models.css";

export function TransferLine({ onOpen }: { onOpen: () => void }) {
  const transfer = useChosen(({ models: { transfers } }) => transfers.find(({ state }) => state !== "done"));
  if (!transfer) return null;
  const words = transfer.trouble ?? transferWords(transfer);
  return (
    <button type="button" className="row transfer-line" title={words} onClick={onOpen}>
      <Icon name="download" />
      <span className="transfer-line-words">
        <span>{transfer.name}</span>
        <span className="hint">{transfer.state === "failed" ? "The download stopped" : short(words)}</span>
        <progress aria-label={`${transfer.name}: ${words}`} value={transfer.done} max={Math.max(transfer.total, 1)} />
      </span>
    </button>
  );
}

/** The column is narrow: how much, and how long. The speed is in the title. */
function short(words: string): string {
  const parts = words.split(" · ");
  return parts.length > 2 ? [parts[0], parts.at(-1)].join(" · ") : words;
}
