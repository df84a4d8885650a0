/** Asks for the form of a file, and says where it is. */
import { useState } from "react";
import type { Form } from "../backend/client";
import { useChosen, useSession } from "../session/context";
import { Dialog } from "./Dialog";
import { Trouble } from "./Trouble";

interface Props {
  title: string;
  forms: readonly { form: Form; name: string; what: string }[];
  /** Where the file is; nothing where none was written. */
  onExport: (form: Form) => Promise<string | null | undefined>;
  onClose: () => void;
}

export function ExportDialog({ title, forms, onExport, onClose }: Props) {
  const session = useSession();
  const trouble = useChosen((state) => state.trouble);
  const [path, setPath] = useState<string | null>(null);
  return (
    <Dialog title={title} onClose={onClose}>
      {trouble && <Trouble sentence={trouble} onDismiss={session.dismissTrouble} />}
      <ul className="choices">
        {forms.map(({ form, name, what }) => (
          <li key={form}>
            <button type="button" onClick={() => void onExport(form).then((saved) => setPath(saved ?? null))}>
              {name} <span className="hint">{what}</span>
            </button>
          </li>
        ))}
      </ul>
      <p className="hint" role="status">
        {path !== null && `Saved as ${path}`}
      </p>
      <div className="dialog-actions">
        <button type="button" className="quiet" onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  );
}
