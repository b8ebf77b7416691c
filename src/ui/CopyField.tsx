import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { copyField } from "#words/forms.ts";
import { copyText } from "@/lib/copyText.ts";
import { announce } from "./Announcer.tsx";
import { Button } from "./Button.tsx";
import { Field } from "./Field.tsx";
import { Input } from "./Input.tsx";
import { ShortLabel } from "./ShortLabel.tsx";

/** Text with a button that copies it, or selects it where the browser does not let a page copy. */
export function CopyField({ label, text }: { label: string; text: string }) {
  const [isCopied, setIsCopied] = useState(false);

  const copy = async (input: HTMLInputElement | null) => {
    if (await copyText(text)) {
      setIsCopied(true);
      announce(copyField.copied);
      setTimeout(() => setIsCopied(false), 2500);
    } else {
      input?.select();
      announce(copyField.selected);
    }
  };

  const Icon = isCopied ? Check : Copy;
  return (
    <Field label={label}>
      {(control) => (
        <div className="flex gap-2">
          <Input {...control} readOnly value={text} onFocus={(event) => event.target.select()} />
          <Button
            variant="secondary"
            className="shrink-0"
            onClick={() => copy(document.getElementById(control.id) as HTMLInputElement | null)}
          >
            <Icon aria-hidden className="size-4" />
            {isCopied ? (
              copyField.copied
            ) : (
              <ShortLabel short={copyField.copy} full={copyField.copyOf(label)} />
            )}
          </Button>
        </div>
      )}
    </Field>
  );
}
