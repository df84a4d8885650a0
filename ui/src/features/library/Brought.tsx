/** What an import brought, and what of it could not be taken; how far one is that takes a while. */
import { Dialog } from "../../components/Dialog";
import { plural } from "../../components/plural";
import { useChosen, useSession } from "../../session/context";

export function Brought() {
  const { pages } = useSession();
  const importing = useChosen((state) => state.importing);
  const brought = useChosen((state) => state.brought);
  if (importing)
    return (
      <Dialog title="Importing" onClose={pages.stopBringing}>
        <p dir="auto">{importing.name}</p>
        <progress max={100} value={importing.percent} aria-label="How far it is" />
        <div className="dialog-actions">
          <button type="button" className="quiet" onClick={pages.stopBringing}>
            Stop
          </button>
        </div>
      </Dialog>
    );
  if (!brought) return null;
  const { already, conversations, leftOut } = brought;
  // Where all of it came in, the page that opens says enough.
  if (leftOut.length === 0 && already === 0 && conversations === 0) return null;
  return (
    <Dialog title="Imported" onClose={pages.dismissBrought}>
      <p>{came(brought)}</p>
      {already > 0 && <p>{plural(already, "conversation")} had been imported before.</p>}
      {leftOut.length > 0 && (
        <ul className="left-out">
          {leftOut.map((sentence) => (
            <li key={sentence} dir="auto">
              {sentence}
            </li>
          ))}
        </ul>
      )}
      <div className="dialog-actions">
        <button type="button" data-first onClick={pages.dismissBrought}>
          Close
        </button>
      </div>
    </Dialog>
  );
}

function came({ pages, conversations }: { pages: number; conversations: number }): string {
  const parts = [
    ...(pages > 0 ? [plural(pages, "page")] : []),
    ...(conversations > 0 ? [plural(conversations, "conversation")] : []),
  ];
  return parts.length === 0 ? "Nothing came in." : `${parts.join(" and ")} came in.`;
}
