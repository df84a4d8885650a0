/** All keys, on one page. */
import { Dialog } from "../components/Dialog";
import { BINDINGS, keysOf } from "./useKeys";

const ELSEWHERE: [string, string][] = [
  ["Enter", "Send"],
  ["Shift Enter", "A new line"],
  ["Esc", "Stop the answer"],
  ["↑ in an empty field", "Edit your last message"],
  ["PageUp, PageDown", "Scroll while you write"],
  ["↑ ↓ in the conversation", "From message to message"],
  ["← → in the conversation", "From version to version"],
  ["Ctrl Alt M on a page", "Comment"],
  ["Alt PgDn, Alt PgUp on a page", "The next comment, or the one before"],
  ["Alt ↑, Alt ↓ in the left pane", "Move up or down"],
  ["Delete in the left pane", "Move to the trash"],
  ["Ctrl or Shift and a click, there", "Mark several"],
  ["Shift F10", "The menu of a thing"],
];

export function Keys({ onClose }: { onClose: () => void }) {
  const rows = [...BINDINGS.map((binding): [string, string] => [keysOf(binding), binding.name]), ...ELSEWHERE];
  return (
    <Dialog title="Keys" onClose={onClose} wide>
      <dl className="keys-list" data-first="" tabIndex={-1}>
        {rows.map(([keys, name]) => (
          <div key={keys}>
            <dt>{name}</dt>
            <dd>
              <kbd>{keys}</kbd>
            </dd>
          </div>
        ))}
      </dl>
      <div className="dialog-actions">
        <button type="button" className="quiet" onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  );
}
