/** A conversation as a file, in a form that other programs read. */
import type { Form } from "../../backend/client";
import { ExportDialog } from "../../components/ExportDialog";
import { useSession } from "../../session/context";

const FORMS: { form: Form; name: string; what: string }[] = [
  { form: "markdown", name: "Markdown", what: "Plain text with marks, for any editor. The branch that is on show." },
  { form: "html", name: "Web page", what: "Opens in any browser. The branch that is on show." },
  { form: "docx", name: "Word", what: "For most word processors. The branch that is on show." },
  { form: "pdf", name: "PDF", what: "Pages as they are printed. The branch that is on show." },
  { form: "json", name: "Data (JSON)", what: "Everything, with every branch. For programs." },
];

export function SaveAs({ id, onClose }: { id: number; onClose: () => void }) {
  const session = useSession();
  return (
    <ExportDialog
      title="Export this conversation"
      forms={FORMS}
      onExport={(form) => session.exportConversation(id, form)}
      onClose={onClose}
    />
  );
}
