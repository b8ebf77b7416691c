import { useEffect, useRef, useState } from "react";
import type { Checkout } from "#contract/payments.ts";
import { payPage, payProblems } from "#words/payments.ts";
import { ApiProblem } from "@/lib/api.ts";
import { useTheme } from "@/lib/theme.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { loadScript } from "./vendorScripts.ts";

interface Elements {
  create: (type: "payment") => {
    mount: (element: HTMLElement) => void;
    unmount: () => void;
    on: (event: "ready" | "loaderror", listener: () => void) => void;
  };
}
interface Stripe {
  elements: (options: { clientSecret: string; appearance: { theme: "stripe" | "night" } }) => Elements;
  confirmPayment: (options: {
    elements: Elements;
    confirmParams: { return_url: string };
    redirect: "if_required";
  }) => Promise<{ error?: { type?: string; message?: string } }>;
}

const script = "https://js.stripe.com/clover/stripe.js";

type StripeFormProps = {
  checkout: Extract<Checkout, { provider: "stripe" }>;
  /** Where a bank that needs its own page sends the payer back to. */
  returnUrl: string;
  label: string;
  /** Whether the page says already why the last attempt failed, as the server knows it. */
  isFailureShown: boolean;
  /** Called after an attempt. @param isPaid as far as the browser knows */
  onTried: (isPaid: boolean) => Promise<void>;
};

/** Stripe's Payment Element and the button that pays. */
export function StripeForm({ checkout, returnUrl, label, isFailureShown, onTried }: StripeFormProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [form, setForm] = useState<{ stripe: Stripe; elements: Elements } | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  /** Whether the failure is that of an attempt: what was not complete is known to Stripe's form alone. */
  const [isTried, setIsTried] = useState(false);
  const [isPaying, setIsPaying] = useState(false);
  const { publishable_key: key, client_secret: clientSecret } = checkout;
  // Stripe's frame knows nothing of our colours. It keeps those that it was opened with, and what was typed.
  const theme = useRef(useTheme());

  useEffect(() => {
    let leave: (() => void) | null = null;
    let isGone = false;
    const open = async () => {
      await loadScript(script);
      if (isGone || !frame.current) return;
      const { Stripe } = window as unknown as { Stripe: (key: string) => Stripe };
      const stripe = Stripe(key);
      const appearance = { theme: theme.current === "dark" ? "night" : "stripe" } as const;
      const elements = stripe.elements({ clientSecret, appearance });
      const element = elements.create("payment");
      element.on("ready", () => setForm({ stripe, elements }));
      element.on("loaderror", () => setFailure(payProblems.scriptFailed));
      element.mount(frame.current);
      leave = () => element.unmount();
    };
    open().catch((problem: unknown) => {
      if (!(problem instanceof ApiProblem)) throw problem;
      setFailure(problem.detail);
    });
    return () => {
      isGone = true;
      leave?.();
    };
  }, [key, clientSecret]);

  const pay = async () => {
    if (!form) return;
    setIsPaying(true);
    setFailure(null);
    const confirmParams = { return_url: returnUrl };
    const { error } = await form.stripe.confirmPayment({
      elements: form.elements,
      confirmParams,
      redirect: "if_required",
    });
    await onTried(!error);
    if (error) {
      setIsTried(error.type === "card_error");
      setFailure(error.message ?? payProblems.failed);
    }
    setIsPaying(false);
  };
  return (
    <div className="space-y-4">
      {failure !== null && !(isTried && isFailureShown) && <Alert tone="bad">{failure}</Alert>}
      <div ref={frame} />
      {!form && failure === null && <Skeleton className="h-40" />}
      <Button size="lg" className="w-full" pending={isPaying} disabled={!form} onClick={pay}>
        {isPaying ? payPage.opening : label}
      </Button>
    </div>
  );
}
