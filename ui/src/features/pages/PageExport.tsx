/** A page as a file, in a form that other programs read. */
import { ExportDialog } from "../../components/ExportDialog";
import { type FormWords, PAGE_FORMS } from "../../components/forms";
import { useSession } from "../../session/context";

const FORMS: readonly FormWords[] = [
  ...PAGE_FORMS,
  {
    form: "record",
    name: "Where the words came from",
    what: "A report to read or to hand on. It is a record, not a proof.",
  },
  { form: "annotated", name: "Markdown with authorship", what: "As iA Writer reads it: who wrote what, at the end." },
  { form: "json", name: "Data (JSON)", what: "Everything, with where the words came from. Sotto reads it again." },
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
