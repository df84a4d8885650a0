/** Saves a file where the user says, and says where it is. */
import { useState } from "react";

export function Export({ name, onExport }: { name: string; onExport: () => Promise<string | null | undefined> }) {
  const [path, setPath] = useState<string | null>(null);
  return (
    <div className="export">
      <button type="button" className="quiet" onClick={() => void onExport().then((saved) => setPath(saved ?? null))}>
        {name}
      </button>
      <p className="hint" role="status">
        {path !== null && `Saved as ${path}`}
      </p>
    </div>
  );
}
