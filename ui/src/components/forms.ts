/** The forms that a page goes out in, in words. */
import type { Form } from "../backend/client";

export interface FormWords {
  form: Form;
  name: string;
  what: string;
}

/** For pages, alone or together. */
export const PAGE_FORMS: readonly FormWords[] = [
  { form: "docx", name: "Word", what: "For editors, and for most word processors." },
  { form: "manuscript", name: "Word, as a manuscript", what: "In the form that agents and magazines ask for." },
  { form: "epub", name: "EPUB", what: "A book for readers on paper-like screens and phones." },
  { form: "pdf", name: "PDF", what: "Pages as they are printed." },
  { form: "markdown", name: "Markdown", what: "Plain text with marks, for any editor." },
  { form: "html", name: "Web page", what: "Opens in any browser." },
  { form: "text", name: "Plain text", what: "The words alone." },
];
