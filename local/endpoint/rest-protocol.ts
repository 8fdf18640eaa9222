/** restJson: the path names the operation; the service's own handler reads it. Here are its errors. */
import { type Answer, errorOf, type Handler } from './exchange.ts';

export const restHandler =
  (handle: Handler): Handler =>
  async (asked): Promise<Answer> => {
    try {
      return await handle(asked);
    } catch (error) {
      const { code, message, status } = errorOf(error);
      return {
        status,
        headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
        body: JSON.stringify({ Type: status < 500 ? 'User' : 'Service', Message: message }),
      };
    }
  };
