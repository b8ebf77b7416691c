import { useEffect, useRef, useState } from "react";
import type { Checkout } from "#contract/payments.ts";
import { payPage, payProblems } from "#words/payments.ts";
import { ApiProblem } from "@/lib/api.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { loadScript } from "./vendorScripts.ts";

interface Elements {
  create: (type: "payment") => { mount: (element: HTMLElement) => void; unmount: () => void };
}
interface Stripe {
  elements: (options: { clientSecret: string }) => Elements;
  confirmPayment: (options: {
    elements: Elements;
    confirmParams: { return_url: string };
    redirect: "if_required";
  }) => Promise<{ error?: { message?: string } }>;
}

const script = "https://js.stripe.com/clover/stripe.js";

type StripeFormProps = {
  checkout: Extract<Checkout, { provider: "stripe" }>;
  /** Where a bank that needs its own page sends the payer back to. */
  returnUrl: string;
  label: string;
  /** Called after an attempt. @param isPaid as far as the browser knows */
  onTried: (isPaid: boolean) => Promise<void>;
};

/** Stripe's Payment Element and the button that pays. */
export function StripeForm({ checkout, returnUrl, label, onTried }: StripeFormProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [form, setForm] = useState<{ stripe: Stripe; elements: Elements } | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [isPaying, setIsPaying] = useState(false);
  const { publishable_key: key, client_secret: clientSecret } = checkout;

  useEffect(() => {
    let leave: (() => void) | null = null;
    let isGone = false;
    const open = async () => {
      await loadScript(script);
      if (isGone || !frame.current) return;
      const { Stripe } = window as unknown as { Stripe: (key: string) => Stripe };
      const stripe = Stripe(key);
      const elements = stripe.elements({ clientSecret });
      const element = elements.create("payment");
      element.mount(frame.current);
      leave = () => element.unmount();
      setForm({ stripe, elements });
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
    if (error) setFailure(error.message ?? payProblems.failed);
    await onTried(!error);
    setIsPaying(false);
  };
  return (
    <div className="space-y-4">
      {failure !== null && <Alert tone="bad">{failure}</Alert>}
      <div ref={frame} />
      {!form && failure === null && <Skeleton className="h-40" />}
      <Button size="lg" className="w-full" pending={isPaying} disabled={!form} onClick={pay}>
        {isPaying ? payPage.opening : label}
      </Button>
    </div>
  );
}
