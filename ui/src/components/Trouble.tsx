/** A sentence about what went wrong, where it went wrong. Never a window of its own. */
import { Icon } from "./Icon";

export function Trouble({ sentence, onDismiss }: { sentence: string; onDismiss?: () => void }) {
  return (
    <div className="trouble" role="alert">
      <p>{sentence}</p>
      {onDismiss && (
        <button type="button" className="icon-button" aria-label="Close this message" onClick={onDismiss}>
          <Icon name="close" />
        </button>
      )}
    </div>
  );
}
