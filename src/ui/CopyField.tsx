import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { controls } from "#words/controls.ts";
import { copyText } from "@/lib/copyText.ts";
import { announce } from "./Announcer.tsx";
import { Button } from "./Button.tsx";
import { Field } from "./Field.tsx";
import { Input } from "./Input.tsx";

/** Text to be given to others: one press copies it, and where the browser forbids that it is selected for copying. */
export function CopyField({ label, text }: { label: string; text: string }) {
  const [isCopied, setIsCopied] = useState(false);

  const copy = async (input: HTMLInputElement | null) => {
    if (await copyText(text)) {
      setIsCopied(true);
      announce(controls.copied);
      setTimeout(() => setIsCopied(false), 2500);
    } else {
      input?.select();
      announce("The text is selected. Copy it with your keyboard.");
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
            onClick={() => copy(document.getElementById(control.id) as HTMLInputElement | null)}
          >
            <Icon aria-hidden className="size-4" />
            {isCopied ? controls.copied : controls.copy}
            <span className="sr-only"> {label.toLowerCase()}</span>
          </Button>
        </div>
      )}
    </Field>
  );
}
