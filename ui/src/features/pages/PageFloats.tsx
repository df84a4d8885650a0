/** What floats over a page: what is decided on a proposal, its menu by right click, and its dialogs. */
import { noteAt } from "../../editor/notes";
import { acceptOne, acceptSelected, leaveOne, look } from "../../editor/proposals";
import { useChosen } from "../../session/context";
import { Footnote } from "./Footnote";
import { Origins } from "./Origins";
import { PageExport } from "./PageExport";
import { SelectionMenu } from "./PageMenus";
import { PageSettings } from "./PageSettings";
import { ProposalBar } from "./ProposalBar";
import type { PageOf } from "./usePage";
import { Versions } from "./Versions";
import { WritingView } from "./WritingView";

export function PageProposal({ of }: { of: PageOf }) {
  const { proposal, editor } = of;
  const cloud = useChosen((state) => state.cloud.on);
  if (!proposal.asked || of.decided) return null;
  return (
    <ProposalBar
      asked={proposal.asked}
      open={of.open}
      without={proposal.without}
      onWithout={proposal.setWithout}
      onTake={() => void proposal.takeAll()}
      onTakeOne={() => void proposal.take(acceptOne)}
      onTakeSelected={() => void proposal.take(acceptSelected)}
      onLeaveOne={() => void (editor && leaveOne(editor))}
      onLook={(by) => void (editor && look(editor, by))}
      onStep={proposal.step}
      onDrop={proposal.drop}
      onStop={proposal.stop}
      onAgain={(words) => proposal.again(words)}
      onElsewhere={cloud ? () => proposal.again("", true) : undefined}
    />
  );
}

export function PageFloats({ of }: { of: PageOf }) {
  const { id, page, view, editor, menu, floating, setFloating } = of;
  const close = () => setFloating(null);
  return (
    <>
      {menu && (
        <SelectionMenu
          view={view}
          anchor={menu}
          onComment={of.comments.add}
          onAsk={of.asks ? of.ask : undefined}
          onOwnWords={() => requestAnimationFrame(of.openBox)}
          onClose={(back) => {
            of.setMenu(null);
            if (back) of.focus();
          }}
        />
      )}
      {floating === "origins" && (
        <Origins id={id} project={page.project} showing={of.showing} onShowing={of.setShowing} onClose={close} />
      )}
      {floating === "settings" && (
        <PageSettings
          id={id}
          project={page.project}
          words={of.words}
          language={of.language}
          onLanguage={of.setLanguage}
          onClose={close}
        />
      )}
      {floating === "versions" && (
        <Versions id={id} view={view} onParts={of.writing ? undefined : of.proposal.bring} onClose={close} />
      )}
      {editor && (of.noteAt !== null || floating === "footnote") && (
        <Footnote
          text={of.noteAt === null ? "" : noteAt(editor, of.noteAt)}
          onKeep={of.keepNote}
          onClose={of.leaveNote}
        />
      )}
      {floating === "view" && <WritingView onClose={close} />}
      {floating === "export" && <PageExport id={id} onClose={close} />}
    </>
  );
}
