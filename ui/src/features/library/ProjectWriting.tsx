/** How models write in a project, where that is not as in the settings. */
import type { ProjectView } from "../../backend/client";
import { Choice } from "../../components/Choice";
import { MOODS, moodName } from "../../components/moods";
import { Phrases } from "../../components/Phrases";
import { useChosen, useSession } from "../../session/context";

const AS_SET = "asSet";

export function ProjectWriting({ project }: { project: ProjectView }) {
  const { projects } = useSession();
  const settings = useChosen((state) => state.settings);
  const { id, mood, bannedPhrases } = project;
  const everywhere = settings.bannedPhrases.length;
  return (
    <section className="project-writing">
      <Choice
        legend="How models write here"
        name="project-mood"
        options={[
          { value: AS_SET, name: "As in the settings", detail: `Now: ${moodName(settings.mood).toLowerCase()}.` },
          ...MOODS,
        ]}
        chosen={mood ?? AS_SET}
        onChoose={(chosen) => void projects.setMood(id, chosen === AS_SET ? null : chosen)}
      />
      <Phrases
        id="project-banned"
        label="Never write here"
        hint={
          everywhere === 0
            ? "In this project’s conversations and on its pages, in capitals or not."
            : `In this project’s conversations and on its pages, beside ${everywhere === 1 ? "the one phrase" : `the ${everywhere} phrases`} in the settings.`
        }
        phrases={bannedPhrases}
        onBan={(phrase) => void projects.ban(id, phrase, true)}
        onAllow={(phrase) => void projects.ban(id, phrase, false)}
      />
    </section>
  );
}
