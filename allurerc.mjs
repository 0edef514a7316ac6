// How Allure 3 draws the report. Facts about the run come from `readiness.report.allure` through the environment:
// READINESS_REPORT is JSON with title, output folder, history file, variables, the metrics' names and units, and the ledger's gate.
import { defineConfig } from "allure";

const run = JSON.parse(process.env.READINESS_REPORT ?? "{}");

const categories = [
  { name: "Criterion not met", matchers: { statuses: ["failed"] }, expand: true },
  { name: "Could not be measured", matchers: { statuses: ["broken"] }, groupByMessage: true, expand: true },
  { name: "Not verified", matchers: { statuses: ["skipped", "unknown"] }, groupByMessage: true, expand: true },
];

const charts = [
  { type: "currentStatus", title: "Scenarios by outcome" },
  { type: "statusDynamics", title: "Outcomes over the last runs" },
  { type: "testResultSeverities", title: "Outcomes by severity" },
  { type: "durations", title: "How long scenarios took" },
];

// The gate judges nothing of its own: it shows what the ledger decided, so that the two cannot differ.
const gate = run.gate ?? [];
const rules = gate.map(({ name }) => ({ [name]: true }));
const use = gate.map(({ name, holds, says }) => ({
  rule: name,
  message: () => says,
  successMessage: () => says,
  validate: async () => ({ success: holds, actual: holds, testResults: [] }),
}));

export default defineConfig({
  name: run.title ?? "Production readiness",
  output: run.output ?? "./results/report",
  historyPath: run.history ?? "./.readiness/history.jsonl",
  historyLimit: 50,
  variables: run.variables ?? {},
  categories: { rules: categories },
  performance: { metrics: run.metrics ?? {} },
  qualityGate: { rules, use },
  plugins: {
    awesome: {
      options: {
        singleFile: true,
        groupBy: ["epic", "feature", "story"],
        defaultSortBy: "name,asc",
        reportLanguage: "en",
        charts,
      },
    },
  },
});
