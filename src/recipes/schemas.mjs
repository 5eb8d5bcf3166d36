// What GitHub's own parser, GitLab's own schema and Kubernetes' API definition (as npm has them) say of the recipes:
//   node --import ./json-modules.mjs schemas.mjs docs/recipes
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NoOperationTraceWriter, convertWorkflowTemplate, parseWorkflow } from '@actions/workflow-parser';
import { Namespace } from 'kubernetes-models/v1/Namespace';
import { Service } from 'kubernetes-models/v1/Service';
import { DaemonSet } from 'kubernetes-models/apps/v1/DaemonSet';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import Ajv from 'ajv';
import { schema } from 'gitlab-ci-local/src/schema/schema.js';
import { parse, parseAllDocuments } from 'yaml';

const recipes = process.argv[2];
const kinds = { Namespace, Service, DaemonSet, Deployment };

async function workflowErrors(content) {
  const result = parseWorkflow({ name: 'model-image.yml', content }, new NoOperationTraceWriter());
  if (result.value) await convertWorkflowTemplate(result.context, result.value);
  return result.context.errors.getErrors().map((error) => error.message);
}

function kubernetesErrors(content) {
  const errors = [];
  // As Kubernetes reads it: YAML 1.1, where 0400 is octal.
  for (const document of parseAllDocuments(content, { version: '1.1' })) {
    const object = document.toJS();
    try {
      new kinds[object.kind](object).validate();
    } catch (error) {
      errors.push(`${object.kind}: ${error.message}`);
    }
  }
  return errors;
}

const gitlab = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(schema);
function pipelineErrors(content) {
  return gitlab(parse(content, { merge: true })) ? [] : gitlab.errors.map((error) => `${error.instancePath} ${error.message}`);
}

let failed = false;
function expect(what, errors, none) {
  if ((errors.length === 0) === none) {
    console.log(none ? `${what}: fits` : `${what}: the mistake is seen (${errors[0]})`);
  } else {
    failed = true;
    console.log(`${what}: ${none ? errors.join('\n') : 'a mistake is not seen'}`);
  }
}

const workflow = readFileSync(join(recipes, 'image/github-workflow.yml'), 'utf8');
expect('github-workflow.yml', await workflowErrors(workflow), true);
expect('github-workflow.yml', await workflowErrors(workflow.replace('runs-on', 'run-on')), false);
const pipeline = readFileSync(join(recipes, 'image/gitlab-ci.yml'), 'utf8');
expect('gitlab-ci.yml', pipelineErrors(pipeline), true);
expect('gitlab-ci.yml', pipelineErrors(pipeline.replaceAll('  script:', '  scripts:')), false);
for (const name of ['exo-dl.yaml', 'vllm.yaml']) {
  const text = readFileSync(join(recipes, 'kubernetes', name), 'utf8');
  expect(name, kubernetesErrors(text), true);
  expect(name, kubernetesErrors(text.replaceAll('containerPort: 7820', 'containerPort: many')), false);
}
process.exit(failed ? 1 : 0);
