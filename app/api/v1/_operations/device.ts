import { z } from 'zod'
import { approveDeviceLogin, denyDeviceLogin } from '#lib/services/device-logins/decide'
import { deviceLoginItem, readDeviceLogin, userCodeInput } from '#lib/services/device-logins/read'
import { operation } from '../_rest/operation'

const done = z.object({ userCode: z.string() })

export const deviceOperations = {
  read: operation('GET /device/logins/{userCode}', {
    id: 'readDeviceLogin',
    summary: 'The sign-in of a command line that waits under a code; for a person in a browser',
    input: userCodeInput,
    output: deviceLoginItem,
    run: readDeviceLogin,
  }),
  approve: operation('POST /device/logins/{userCode}/approve', {
    id: 'approveDeviceLogin',
    summary: 'Sign the command line that shows this code in; for a person in a browser',
    input: userCodeInput,
    output: done,
    run: async (call) => {
      await approveDeviceLogin(call)
      return { userCode: call.input.userCode }
    },
  }),
  deny: operation('POST /device/logins/{userCode}/deny', {
    id: 'denyDeviceLogin',
    summary: 'Refuse the command line that shows this code; for a person in a browser',
    input: userCodeInput,
    output: done,
    run: async (call) => {
      await denyDeviceLogin(call)
      return { userCode: call.input.userCode }
    },
  }),
}
