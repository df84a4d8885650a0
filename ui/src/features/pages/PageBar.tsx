/** What stands at the right of a page's title: how much it is, how it looks, and what can be done with it. */
import { shortcut } from "../../components/keys";
import { Menu } from "../../components/Menu";
import { plural } from "../../components/plural";
import { useChosen, useSession } from "../../session/context";
import { onThisDay } from "../../session/today";
import { FormatMenu } from "./PageMenus";
import type { PageOf } from "./usePage";

interface CountProps {
  all: number;
  selected: number;
  /** 0: none. */
  goal: number;
  unsaved: boolean;
}

export function PageCount({ all, selected, goal, unsaved }: CountProps) {
  const today = onThisDay(
    useChosen((state) => state.remembered.today),
    new Date(),
  );
  return (
    <>
      {unsaved && (
        <span className="hint" role="status">
          Not saved yet
        </span>
      )}
      <span className="count page-words">
        {selected > 0
          ? `${plural(selected, "word")} of ${all.toLocaleString("en")}`
          : goal > 0
            ? `${all.toLocaleString("en")} of ${plural(goal, "word")}`
            : plural(all, "word")}
      </span>
      {today.goal > 0 && (
        <span className="count page-words" title="Words written today, on all pages">
          {`Today ${today.words.toLocaleString("en")} of ${today.goal.toLocaleString("en")}`}
        </span>
      )}
    </>
  );
}

export function PageTools({ of }: { of: PageOf }) {
  const session = useSession();
  const { id, page, title, proposal, around, setFloating } = of;
  const cloud = useChosen((state) => state.cloud.on);
  const next = useChosen((state) => {
    const among = state.library?.pages.filter((one) => one.project === page.project) ?? [];
    return among[among.findIndex((one) => one.id === id) + 1]?.title;
  });
  const duplicate = () => session.pages.duplicate(id, title === "" ? "" : `${title}, variant`);
  return (
    <>
      <FormatMenu view={of.view} onFootnote={() => setFloating("footnote")} onPicture={() => void of.pictures.add()} />
      <Menu
        name="This page"
        items={[
          { name: "Rename", keys: "F2", act: () => session.startRenaming("page", id, "title") },
          { name: `Find in ${around.where}`, keys: shortcut("F"), act: around.onFind },
          ...around.items,
          ...(page.handsOff
            ? []
            : [
                { name: "Rewrite the selection…", keys: shortcut("E"), act: of.openBox },
                { name: "Go on writing here", act: () => proposal.start({ command: "continue" }) },
                ...(cloud
                  ? [
                      {
                        name: "Go on in the cloud…",
                        act: () => proposal.start({ command: "continue", elsewhere: true }),
                      },
                    ]
                  : []),
              ]),
          ...(around.onClose && of.selecting() ? [{ name: "Quote in the conversation", act: of.quote }] : []),
          ...of.comments.items,
          { name: "Split here", act: () => void of.split() },
          ...(next === undefined ? [] : [{ name: `Merge with “${next || "New page"}”`, act: () => void of.merge() }]),
          { name: "Duplicate as a variant", act: () => void duplicate() },
          { name: "Writing view…", act: () => setFloating("view") },
          { name: "About this page…", act: () => setFloating("settings") },
          { name: "Where the words came from", act: () => setFloating("origins") },
          { name: "Versions…", act: () => setFloating("versions") },
          { name: "Export…", keys: shortcut("E", true), act: () => setFloating("export") },
          { name: "Move to the trash", act: () => void session.trash("page", id), danger: true },
        ]}
      />
    </>
  );
}
