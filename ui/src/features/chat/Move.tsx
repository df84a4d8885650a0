/** Which project a conversation belongs to. */
import { useState } from "react";
import type { Thread } from "../../backend/client";
import { Dialog } from "../../components/Dialog";
import { useChosen, useSession } from "../../session/context";

export function Move({ thread, onClose }: { thread: Thread; onClose: () => void }) {
  const session = useSession();
  const projects = useChosen((state) => state.library?.projects) ?? [];
  const [name, setName] = useState("");
  const move = (project: number | null) => void session.move(thread.id, project).then(onClose);

  return (
    <Dialog title="Move to a project" onClose={onClose}>
      <ul className="choices">
        {projects.map((project) => (
          <li key={project.id}>
            <button type="button" aria-current={thread.project === project.id} onClick={() => move(project.id)}>
              {project.name}
            </button>
          </li>
        ))}
        <li>
          <button type="button" aria-current={thread.project === null} onClick={() => move(null)}>
            No project
          </button>
        </li>
      </ul>
      <form
        className="one-line"
        onSubmit={(event) => {
          event.preventDefault();
          void session.projects.create(name.trim()).then((project) => project && move(project.id));
        }}
      >
        <input
          aria-label="Name of a new project"
          placeholder="A new project"
          required
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <button type="submit" className="quiet">
          Create and move
        </button>
      </form>
    </Dialog>
  );
}
