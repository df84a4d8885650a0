/** A new project needs a name, and nothing else yet. */
import { useState } from "react";
import { Dialog } from "../../components/Dialog";
import { useSession } from "../../session/context";

export function NewProject({ onClose }: { onClose: () => void }) {
  const session = useSession();
  const [name, setName] = useState("");
  return (
    <Dialog title="New project" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void session.projects.create(name.trim()).then((project) => {
            onClose();
            if (project) session.openProject(project.id);
          });
        }}
      >
        <div className="field">
          <label htmlFor="project-name">Name</label>
          <input
            id="project-name"
            autoFocus
            required
            placeholder="The Salt Road"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </div>
        <div className="dialog-actions">
          <button type="button" className="quiet" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="primary">
            Create
          </button>
        </div>
      </form>
    </Dialog>
  );
}
