/** One download: how far it is, and what the user can do about it. */
import type { Transfer } from "../../backend/client";
import { useSession } from "../../session/context";
import { size, sizeOf, timeLeft } from "../amounts";
import "./models.css";

export function TransferRow({ transfer }: { transfer: Transfer }) {
  const { models } = useSession();
  const { id, name, state, trouble } = transfer;
  return (
    <div className="transfer" role="group" aria-label={name}>
      <p className="transfer-name">{name}</p>
      <progress
        aria-label={`${name}: ${transferWords(transfer)}`}
        value={transfer.done}
        max={Math.max(transfer.total, 1)}
      />
      <p className="transfer-words">{transferWords(transfer)}</p>
      <p className="transfer-trouble" role="alert">
        {trouble}
      </p>
      <div className="transfer-actions">
        {(state === "running" || state === "waiting") && (
          <button type="button" className="quiet" onClick={() => void models.pause(id)}>
            Pause
          </button>
        )}
        {(state === "paused" || state === "failed") && (
          <button type="button" className="quiet" onClick={() => void models.resume(id)}>
            {state === "paused" ? "Go on" : "Try again"}
          </button>
        )}
        {state !== "done" && (
          <button type="button" className="plain" aria-label={`Cancel ${name}`} onClick={() => void models.cancel(id)}>
            Cancel
          </button>
        )}
      </div>
    </div>
  );
}

/** One line on a download. */
export function transferWords({ state, done, total, bytesPerSecond, secondsLeft }: Transfer): string {
  const amount = sizeOf(done, total);
  switch (state) {
    case "waiting":
      return `${amount} · waiting`;
    case "checking":
      return "Checking that every byte is right";
    case "running":
      return [
        amount,
        bytesPerSecond !== null && `${size(bytesPerSecond)} a second`,
        secondsLeft !== null && timeLeft(secondsLeft),
      ]
        .filter(Boolean)
        .join(" · ");
    case "paused":
      return `${amount} · paused`;
    case "failed":
      return `${amount} · stopped`;
    case "done":
      return `${size(total)}, here and checked`;
  }
}
