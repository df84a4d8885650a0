/** The right pane: what the model is told before anything else, and which model it is. */
import { Goes } from "../../components/cloud/Goes";
import { engineLine } from "../../components/engineLine";
import { Icon } from "../../components/Icon";
import { SavedText } from "../../components/SavedText";
import { useChosen, useSession } from "../../session/context";
import "./told.css";

/** Where the menu's "Instructions" puts the focus. */
export const INSTRUCTIONS_FIELD = "told-instructions";

/** `over`: it lies over the page, and so takes the focus. */
export function ToldPane({ over, onClose, onModels }: { over: boolean; onClose: () => void; onModels: () => void }) {
  const session = useSession();
  const thread = useChosen((state) => state.thread);
  const project = useChosen((state) => state.library?.projects.find(({ id }) => id === state.thread?.project));
  const engine = useChosen((state) => state.engine);
  const line = engineLine(engine);
  const change = () => thread && session.cloud.choose({ for: "conversation", id: thread.id });
  return (
    <aside className="told" aria-label="What the model is told">
      <header className="bar">
        <h2>What the model is told</h2>
        {/* Beside the page it is closed where it was opened; over the page that button is covered. */}
        {over && (
          <>
            <span className="spring" />
            <button type="button" autoFocus className="icon-button" aria-label="Close this pane" title="Close" onClick={onClose}>
              <Icon name="close" />
            </button>
          </>
        )}
      </header>
      <div className="told-body">
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
            id="told-notes"
            label={`Notes of ${project.name}`}
            hint="For every conversation of this project."
            placeholder="None yet."
            value={project.notes}
            onSave={(notes) => void session.updateProject(project.id, project.name, notes)}
          />
        )}
        {thread && (
          <section className="model" aria-labelledby="goes-heading">
            <h3 id="goes-heading">Who answers</h3>
            {thread.goesTo ? (
              <Goes to={thread.goesTo} what="this conversation goes" onChange={change} />
            ) : (
              <>
                {"model" in engine && <p className="model-name">{engine.model}</p>}
                <p className="model-line" data-mood={line.mood}>
                  <span className="dot" aria-hidden="true" />
                  {line.text}
                </p>
                <p className="hint">{line.detail}</p>
                <div className="who-actions">
                  <button type="button" className="quiet" onClick={onModels}>
                    {engine.state === "noModel" ? "Choose a model…" : "Another model…"}
                  </button>
                  <button type="button" className="quiet" aria-label="Change where this conversation goes" onClick={change}>
                    Elsewhere…
                  </button>
                </div>
              </>
            )}
          </section>
        )}
      </div>
    </aside>
  );
}
