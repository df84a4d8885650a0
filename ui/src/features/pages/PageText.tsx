/** The text of a page that is open, and what stands over and beside it while it is written. */
import { shortcut } from "../../components/keys";
import { Trouble } from "../../components/Trouble";
import { pictureIn } from "../../editor/pictures";
import { Comments } from "./Comments";
import { PictureBar } from "./PictureBar";
import { RewriteBox } from "./RewriteBox";
import { SelectionBar } from "./SelectionBar";
import type { PageOf } from "./usePage";

export function PageText({ of }: { of: PageOf }) {
  const { page, notices, place, empty } = of;
  return (
    <>
      {notices.map(([sentence, forget]) =>
        sentence ? <Trouble key={sentence} sentence={sentence} onDismiss={forget} /> : null,
      )}
      {page.handsOff && <p className="hint hands-off">Hands-off: no model’s text comes onto this page.</p>}
      <div ref={place} className="prose page-text" />
      {empty && (
        <p className="page-empty" aria-hidden="true">
          {page.handsOff
            ? "Write here."
            : `Write here. Select words and press ${shortcut("E")} for a proposal; it never changes your text by itself.`}
        </p>
      )}
    </>
  );
}

export function PageOverlays({ of }: { of: PageOf }) {
  const { view, editor, own, box, beside, menu, around } = of;
  const picture = editor && pictureIn(editor.state);
  return (
    <>
      {editor && picture && <PictureBar view={editor} {...picture} body={around.body} />}
      {beside && !picture && !box && !menu && editor && (
        <SelectionBar
          key={`${beside.left} ${beside.top}`}
          view={editor}
          place={beside}
          onRewrite={of.asks ? of.openBox : undefined}
          onQuote={around.onClose ? of.quote : undefined}
          onComment={of.comments.add}
          onClose={() => of.setBeside(null)}
        />
      )}
      {box && (
        <RewriteBox
          place={box}
          own={own}
          onAsk={of.ask}
          onClose={() => {
            of.setBox(null);
            of.focus();
          }}
        />
      )}
      <Comments of={of.comments} view={view} body={around.body} foot={around.foot} />
    </>
  );
}
