// Run by npm before every script that needs more than Node, `start` and `test` above all: makes sure that everything they need is there.
// The entry point: an old Node must be able to parse this file and its imports, so that it can report what is wrong.
const wanted = { node: 20, npm: 10 };

function complaint() {
  if (Number(process.versions.node.split(".")[0]) < wanted.node) {
    return `MatePeak needs Node ${wanted.node} or newer to set itself up; this is ${process.versions.node} (https://nodejs.org).`;
  }
  const npm = /\bnpm\/(\d+)/.exec(process.env.npm_config_user_agent || "");
  if (npm && Number(npm[1]) < wanted.npm) {
    return `MatePeak needs npm ${wanted.npm} or newer; this is npm ${npm[1]} (run \`npm install -g npm\`).`;
  }
  return null;
}

const problem = complaint();
if (problem) {
  process.stderr.write(`${problem}\n`);
  process.exit(1);
}

import("./setupSteps.mjs")
  .then((steps) => steps.setUp(process.argv[2] || "start"))
  .catch((error) => {
    // A SetupError is one sentence for the reader; anything else is our bug and keeps its stack.
    process.stderr.write(`${error && error.name === "SetupError" ? error.message : error.stack}\n`);
    process.exit(1);
  });
