/** The pages of a project as one file. */
import { ExportDialog } from "../../components/ExportDialog";
import { PAGE_FORMS } from "../../components/forms";
import { useSession } from "../../session/context";

interface Props {
  project: number;
  /** The heading whose pages go out; null: all. */
  part: string | null;
  onClose: () => void;
}

export function PagesExport({ project, part, onClose }: Props) {
  const { pages } = useSession();
  return (
    <ExportDialog
      title={part === null ? "Export the pages of this project" : `Export “${part}”`}
      forms={PAGE_FORMS}
      onExport={async (form) => {
        await pages.flush();
        return pages.exportAll(project, part, form);
      }}
      onClose={onClose}
    />
  );
}
