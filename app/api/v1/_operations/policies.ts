import { pageOf } from '#lib/services/paging'
import { checkedPolicy, checkPolicy, checkPolicyInput } from '#lib/services/policies/check'
import { deletedPolicy, deletePolicy } from '#lib/services/policies/delete'
import { dryRunPolicies, dryRunPoliciesInput } from '#lib/services/policies/dry-run/dry-run'
import { dryRunResult } from '#lib/services/policies/dry-run/dry-run-items'
import { explainDecision, explainDecisionInput, explainedDecision } from '#lib/services/policies/explain'
import { listPolicies, listPoliciesInput, policyList } from '#lib/services/policies/list'
import {
  listPolicyVersions,
  listPolicyVersionsInput,
  policyVersionDetail,
  policyVersionItem,
  readPolicyVersion,
  readPolicyVersionInput,
} from '#lib/services/policies/list-versions'
import { policyItem } from '#lib/services/policies/policy-item'
import { readPolicy, readPolicyInput } from '#lib/services/policies/read'
import { savedPolicy, savePolicy, savePolicyInput } from '#lib/services/policies/save'
import { operation } from '../_rest/operation'

export const policyOperations = {
  list: operation('GET /policies', {
    id: 'listPolicies',
    summary: 'The policies in force: every document, by name',
    input: listPoliciesInput,
    output: policyList,
    run: listPolicies,
  }),
  read: operation('GET /policies/{name}', {
    id: 'readPolicy',
    summary: 'One document of policies',
    input: readPolicyInput,
    output: policyItem,
    run: readPolicy,
  }),
  save: operation('PUT /policies/{name}', {
    id: 'savePolicy',
    summary: 'Create or change a document; the whole set is validated and in force within a second',
    input: savePolicyInput,
    output: savedPolicy,
    run: savePolicy,
  }),
  delete: operation('DELETE /policies/{name}', {
    id: 'deletePolicy',
    summary: 'Take a document out of force',
    input: readPolicyInput,
    output: deletedPolicy,
    run: deletePolicy,
  }),
  check: operation('POST /policies/check', {
    id: 'checkPolicy',
    summary: 'What would keep a document from being saved',
    input: checkPolicyInput,
    output: checkedPolicy,
    run: checkPolicy,
  }),
  explain: operation('POST /policies/explain', {
    id: 'explainDecision',
    summary: 'What would be decided about a statement, by which policies, from which facts',
    input: explainDecisionInput,
    output: explainedDecision,
    run: explainDecision,
  }),
  dryRun: operation('POST /policies/dry-run', {
    id: 'dryRunPolicies',
    summary: 'What changed policies would have said to the traffic of the last days',
    input: dryRunPoliciesInput,
    output: dryRunResult,
    run: dryRunPolicies,
  }),
  versions: operation('GET /policies/versions', {
    id: 'listPolicyVersions',
    summary: 'Every set that was ever in force, newest first',
    input: listPolicyVersionsInput,
    output: pageOf(policyVersionItem),
    run: listPolicyVersions,
  }),
  version: operation('GET /policies/versions/{version}', {
    id: 'readPolicyVersion',
    summary: 'One set that was in force, with all its documents',
    input: readPolicyVersionInput,
    output: policyVersionDetail,
    run: readPolicyVersion,
  }),
}
