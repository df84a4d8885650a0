/** Opens the library, where the window is too narrow to show it beside everything. */
import { Icon } from "./Icon";

export function LibraryButton({ onClick }: { onClick: () => void }) {
  return (
    <button type="button" className="icon-button library-toggle" aria-label="Library" title="Library" onClick={onClick}>
      <Icon name="menu" />
    </button>
  );
}
