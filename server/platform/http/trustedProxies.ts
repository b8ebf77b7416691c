import { isIP } from "node:net";
import type { z } from "zod";

/** false: no proxy. A number: that many proxies in front of the app. A list: their addresses and networks. */
export type TrustedProxies = false | number | string[];

/** Network names that Fastify understands. */
const networks = new Set(["loopback", "linklocal", "uniquelocal"]);
const maxHops = 10;

const explanation =
  '"on" would believe any address that a client claims for itself. Say how many proxies stand in front of the app ' +
  "(such as 1), if it can be reached only through them, or name their addresses or networks (such as 10.0.0.0/8,::1)";

/** Reads TRUST_PROXY: `off`, a hop count, or a list of addresses and networks. */
export function readTrust(value: string, context: z.RefinementCtx): TrustedProxies {
  const refuse = (message: string): false => {
    context.addIssue({ code: "custom", message });
    return false;
  };
  if (value === "off") return false;
  if (/^(on|true|yes|all|\*)$/i.test(value)) return refuse(`must not be "${value}": ${explanation}`);
  if (/^\d+$/.test(value)) {
    const hops = Number(value);
    return hops >= 1 && hops <= maxHops ? hops : refuse(`must be at most ${maxHops} proxies, and at least 1`);
  }
  const listed = value.split(",").map((one) => one.trim());
  const wrong = listed.find((one) => !networks.has(one) && !isAddressOrNetwork(one));
  if (wrong === undefined) return listed;
  return refuse(`must be off, a number of proxies or their addresses: "${wrong}" is none of them`);
}

function isAddressOrNetwork(text: string): boolean {
  const [address = "", bits, ...rest] = text.split("/");
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  if (bits === undefined) return true;
  // /0 would trust every address, like "on".
  return /^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= (version === 4 ? 32 : 128);
}
