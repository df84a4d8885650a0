/** The right pane: what the model is told before anything else, and which model it is. */
import { Who } from "../../components/cloud/Who";
import { Icon } from "../../components/Icon";
import { SavedText } from "../../components/SavedText";
import { useChosen, useSession } from "../../session/context";
import { Given } from "./Given";
import "./context.css";

/** Where the menu's "Instructions" puts the focus. */
export const INSTRUCTIONS_FIELD = "context-instructions";

/** `over`: it lies over the page, and so takes the focus. */
export function ContextPane({ over, onClose }: { over: boolean; onClose: () => void }) {
  const session = useSession();
  const thread = useChosen((state) => state.thread);
  const project = useChosen((state) => state.library?.projects.find(({ id }) => id === state.thread?.project));
  return (
    <aside className="context" aria-label="What the model is told">
      <header className="bar">
        <h2>What the model is told</h2>
        {/* Beside the page it is closed where it was opened; over the page that button is covered. */}
        {over && (
          <>
            <span className="spring" />
            <button
              type="button"
              autoFocus
              className="icon-button"
              aria-label="Close this pane"
              title="Close"
              onClick={onClose}
            >
              <Icon name="close" />
            </button>
          </>
        )}
      </header>
      <div className="context-body">
        {thread && (
          <section className="model" aria-labelledby="goes-heading">
            <h3 id="goes-heading">Who answers</h3>
            <Who
              to={thread.goesTo}
              of="this conversation"
              onChange={() => session.cloud.choose({ for: "conversation", id: thread.id })}
            />
          </section>
        )}
        {thread && <Given thread={thread} project={project} />}
        {thread && (
          <SavedText
            key={thread.id}
            id={INSTRUCTIONS_FIELD}
            label="Instructions"
            hint="For this conversation, before your first message."
            placeholder="None. The model answers as it is."
            value={thread.instructions}
            onSave={(instructions) => void session.setInstructions(thread.id, instructions)}
          />
        )}
        {project && (
          <SavedText
            key={project.id}
            id="context-notes"
            label={`Notes of ${project.name}`}
            hint="For every conversation of this project."
            placeholder="None yet."
            value={project.notes}
            onSave={(notes) => void session.projects.update(project.id, project.name, notes)}
          />
        )}
      </div>
    </aside>
  );
}
