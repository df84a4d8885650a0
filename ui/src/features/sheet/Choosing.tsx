/** Where a conversation, a project or one answer goes. Nothing leaves by choosing: that is asked when it would. */
import { useEffect, useRef, useState } from "react";
import type { InstalledModel, Provider, Question } from "../../backend/client";
import { LockedLine } from "../../components/cloud/LockedLine";
import { ModelChoice } from "../../components/cloud/ModelChoice";
import { placeWords } from "../../components/cloud/route";
import { Dialog } from "../../components/Dialog";
import { takesText } from "../../components/editing";
import { quoted } from "../../components/quoted";
import { Trouble } from "../../components/Trouble";
import { useChosen, useSession } from "../../session/context";
import type { Choosing as Chosen, State } from "../../session/state";
import "./sheet.css";

const HERE = "here";
const AS_PROJECT = "asProject";

interface Props {
  /** The user wants to set a provider up. */
  onCloud: () => void;
  /** The user wants another model on this computer. */
  onModels: () => void;
}

export function Choosing(props: Props) {
  const choosing = useChosen((state) => state.choosing);
  return choosing && <Choose choosing={choosing} {...props} />;
}

function Choose({ choosing, onCloud, onModels }: { choosing: Chosen } & Props) {
  const session = useSession();
  const { cloud } = session;
  const on = useChosen((state) => state.cloud.on);
  const trouble = useChosen((state) => state.trouble);
  const providers = useChosen((state) => state.cloud.providers);
  const project = useChosen((state) =>
    choosing.for === "conversation"
      ? state.library?.projects.find(({ id }) => id === state.thread?.project)
      : undefined,
  );
  const beside = choosing.for === "beside" || choosing.for === "both";
  const once = choosing.for !== "conversation" && choosing.for !== "project";
  // The model on this computer is one for all conversations: it is chosen with any of them.
  const installed = useChosen((state) => state.models.installed);
  const answered = useChosen((state) => answeredBy(state, choosing));
  const here = installed.filter(
    ({ missing, kind, name }) =>
      !missing && (choosing.for === "conversation" || (beside && kind !== "guide" && name !== answered)),
  );
  const inUse = here.find((model) => model.inUse);
  const [wanted, setWanted] = useState<string | null>(null);
  const local = here.find(({ id }) => id === wanted) ?? (beside ? here[0] : inUse);
  const [hidden, setHidden] = useState(false);
  const [place, setPlace] = useState(() => placeAtFirst(session.state, choosing));
  const [models, setModels] = useState(() => modelsAtFirst(session.state, choosing));
  const [task, setTask] = useState("");
  useEffect(() => {
    if (on) void cloud.read();
  }, [cloud, on]);
  // The hand expects the first question asked: who. Where that is read late, so is it answered late.
  const list = useRef<HTMLFieldSetElement>(null);
  const known = !on || providers !== null;
  useEffect(() => {
    if (known && !takesText(document.activeElement)) list.current?.querySelector<HTMLElement>(":checked")?.focus();
  }, [known]);

  const ready = (providers ?? []).filter(isReady);
  const provider =
    ready.find(({ id }) => id === place) ??
    (once && here.length === 0 && ready.length > 0 && providers ? ready[0] : undefined);
  const model = (provider && models.get(provider.id)) ?? "";
  const whole = provider
    ? model.trim() !== "" && (choosing.for !== "passage" || task.trim() !== "")
    : beside
      ? local
      : !once;
  const choose = () => {
    const choice = provider ? { provider: provider.id, model: model.trim() } : null;
    if (choice) cloud.prefer(choice);
    const settle = () => {
      if (choosing.for !== "conversation") return;
      // Where nothing changes, a conversation that nobody touched stays as good as new.
      if (stays && !project && session.state.thread?.goesTo == null) return cloud.chooseNothing();
      void cloud.setLeaving(choosing.id, choice ?? (place === AS_PROJECT ? "asProject" : "never")).then(closeIf);
    };
    switch (choosing.for) {
      case "conversation":
        if (!choice && place !== AS_PROJECT && local && local !== inUse)
          return void session.models.use(local.id).then((used) => used && settle());
        return settle();
      case "project": {
        const cap = session.state.library?.projects.find(({ id }) => id === choosing.id)?.cap ?? null;
        return void cloud.setProjectLeaving(choosing.id, choice, cap).then(closeIf);
      }
      case "answer":
        return (
          choice &&
          void session.asking.once(question(choosing.conversation, { type: "again", answer: choosing.id }), choice)
        );
      case "beside":
      case "both": {
        const rival = choice ? { model: null, choice } : local && { model: local.id, choice: null };
        if (!rival) return;
        const { asking } = session;
        return choosing.for === "both"
          ? void asking.both(choosing.conversation, choosing.text, rival, hidden, choosing.stored)
          : void asking.beside(choosing.conversation, choosing.answer, rival);
      }
      case "passage":
        return choice && void session.asking.once(question(choosing.conversation, passage(choosing, task)), choice);
      case "proposal":
        return choice && void session.asking.once(choosing, choice);
    }
  };
  const closeIf = (done: boolean) => done && cloud.chooseNothing();
  const leaveFor = (where: () => void) => () => {
    cloud.chooseNothing();
    where();
  };
  const stays = !provider && place !== AS_PROJECT;

  return (
    <Dialog title={TITLES[choosing.for]} onClose={cloud.chooseNothing} wide>
      <div className="choosing">
        {trouble && <Trouble sentence={trouble} onDismiss={session.dismissTrouble} />}
        {choosing.for === "proposal" && choosing.ask.text !== "" && (
          <blockquote className="passage" dir="auto">
            {choosing.ask.text}
          </blockquote>
        )}
        {choosing.for === "passage" && <Passage text={choosing.text} task={task} onTask={setTask} />}
        {on && <LockedLine>Nothing leaves until it is off.</LockedLine>}
        <fieldset ref={list} className="places">
          <legend className="said">Who answers</legend>
          {!once && !inUse && (
            <Place
              name="This computer"
              detail="Nothing leaves."
              device
              chosen={stays && !local}
              onChoose={() => {
                setPlace(HERE);
                setWanted(null);
              }}
            />
          )}
          {here.map((model) => (
            <Place
              key={model.id}
              name={model.name}
              detail={localWords(model)}
              device
              chosen={stays && model === local}
              onChoose={() => {
                setPlace(HERE);
                setWanted(model.id);
              }}
            />
          ))}
          {project && (
            <Place
              name={`As ${project.name} does`}
              detail={project.goesTo ? placeWords(project.goesTo) : "On this computer, for now."}
              device={!project.goesTo}
              chosen={!provider && place === AS_PROJECT}
              onChoose={() => setPlace(AS_PROJECT)}
            />
          )}
          {on &&
            ready.map((one) => (
              <Place
                key={one.id}
                name={one.name}
                detail={one.origin ?? ""}
                device={false}
                chosen={one === provider}
                onChoose={() => setPlace(one.id)}
              />
            ))}
        </fieldset>
        {provider && (
          <ModelChoice
            provider={provider}
            chosen={model}
            onChoose={(chosen) => setModels(new Map(models).set(provider.id, chosen))}
          />
        )}
        {choosing.for === "both" && (
          <label className="remember">
            <input type="checkbox" checked={hidden} onChange={(event) => setHidden(event.target.checked)} />
            <span>
              Do not say which answer is whose
              <span className="hint"> Until you have chosen, so that nothing but the words decides.</span>
            </span>
          </label>
        )}
        {(!on || (providers !== null && ready.length === 0)) && (
          <p className="hint">
            {on ? "No provider is set up yet." : "Nothing leaves this computer: the cloud is off."}
          </p>
        )}
        <div className="dialog-actions">
          {!once && (
            <button type="button" className="plain" onClick={leaveFor(onModels)}>
              Models…
            </button>
          )}
          <button type="button" className="plain" onClick={leaveFor(onCloud)}>
            {on ? "Providers…" : "Settings of the cloud…"}
          </button>
          <span className="spring" />
          <button type="button" className="quiet" onClick={cloud.chooseNothing}>
            Cancel
          </button>
          <button type="button" className="primary" disabled={!whole} onClick={choose}>
            {choosing.for === "both"
              ? "Ask both"
              : beside && !provider
                ? "Ask this one too"
                : once
                  ? "See what would leave…"
                  : "Use this"}
          </button>
        </div>
      </div>
    </Dialog>
  );
}

const TITLES: Record<Chosen["for"], string> = {
  conversation: "Who answers this conversation",
  project: "Who answers the conversations of this project",
  answer: "Do this one in the cloud",
  passage: "Do this one in the cloud",
  proposal: "Have this proposed in the cloud",
  beside: "Who answers beside this",
  both: "Who answers beside it",
};

/** The model of this computer whose answer is there, or would be: nobody is compared with themselves. */
function answeredBy(state: State, choosing: Chosen): string | null {
  if (choosing.for === "beside") {
    const made = state.thread?.messages.find(({ id }) => id === choosing.answer)?.made;
    return made?.place === "device" ? made.model : null;
  }
  if (choosing.for !== "both" || state.thread?.goesTo) return null;
  return state.models.installed.find(({ inUse }) => inUse)?.name ?? null;
}

function localWords({ kind, sees }: InstalledModel): string {
  const what = kind === "guide" ? "knows its way around Sotto" : sees ? "sees pictures" : null;
  return ["On this computer", what].filter(Boolean).join(" · ");
}

interface PlaceProps {
  name: string;
  detail: string;
  device: boolean;
  chosen: boolean;
  onChoose: () => void;
}

function Place({ name, detail, device, chosen, onChoose }: PlaceProps) {
  return (
    <label className="place goes" data-place={device ? "device" : "cloud"}>
      <input type="radio" name="place" checked={chosen} onChange={onChoose} />
      <span className="dot" aria-hidden="true" />
      <span className="place-name">{name}</span>
      <span className="hint">{detail}</span>
    </label>
  );
}

/** The words the user chose, and what is to become of them. */
function Passage({ text, task, onTask }: { text: string; task: string; onTask: (task: string) => void }) {
  return (
    <>
      <blockquote className="passage" dir="auto">
        {text}
      </blockquote>
      <div className="field">
        <label htmlFor="passage-task">What should be done with it?</label>
        <input
          id="passage-task"
          data-first=""
          dir="auto"
          placeholder="Make it tighter, and keep the salt."
          value={task}
          onChange={(event) => onTask(event.target.value)}
        />
      </div>
    </>
  );
}

function question(conversation: number, question: Question) {
  return { for: "question" as const, conversation, question };
}

function passage({ conversation, text }: Chosen & { for: "passage" }, task: string): Question {
  return { type: "new", conversation, text: `${task.trim()}\n\n${quoted(text)}` };
}

/** Where it is is known, and so is the key where one is needed. */
function isReady({ origin, toConfirm, keyNeeded, key }: Provider): boolean {
  return origin !== null && !toConfirm && (!keyNeeded || key === "kept");
}

function leavingAtFirst(state: State, choosing: Chosen) {
  switch (choosing.for) {
    case "conversation":
      return state.thread?.leaving ?? "never";
    case "project":
      return state.library?.projects.find(({ id }) => id === choosing.id)?.leaving ?? "never";
    case "answer":
    case "passage":
    case "proposal":
    case "beside":
    case "both":
      return state.cloud.last ?? state.thread?.goesTo ?? "never";
  }
}

function placeAtFirst(state: State, choosing: Chosen): string {
  const leaving = leavingAtFirst(state, choosing);
  if (typeof leaving === "object") return leaving.provider;
  return leaving === "asProject" && state.thread?.project != null ? AS_PROJECT : HERE;
}

/** The model to begin with at each provider: what is set here, else what the user chose last. */
function modelsAtFirst(state: State, choosing: Chosen): Map<string, string> {
  const leaving = leavingAtFirst(state, choosing);
  const known = [state.cloud.last, typeof leaving === "object" ? leaving : null];
  return new Map(known.flatMap((one) => (one ? [[one.provider, one.model] as const] : [])));
}
