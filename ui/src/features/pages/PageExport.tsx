/** A page as a file, in a form that other programs read. */
import type { FormView } from "../../backend/client";
import { ExportDialog } from "../../components/ExportDialog";
import { useSession } from "../../session/context";

const FORMS: { form: FormView; name: string; what: string }[] = [
  { form: "markdown", name: "Markdown", what: "Plain text with marks, for any editor." },
  { form: "html", name: "Web page", what: "Opens in any browser and in most word processors, and can be printed." },
  { form: "json", name: "Data (JSON)", what: "Everything, with where the words came from. For programs." },
];

export function PageExport({ id, onClose }: { id: number; onClose: () => void }) {
  const { pages } = useSession();
  return (
    <ExportDialog
      title="Export this page"
      forms={FORMS}
      onExport={async (form) => {
        await pages.flush();
        return pages.export(id, form);
      }}
      onClose={onClose}
    />
  );
}
