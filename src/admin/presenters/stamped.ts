import Joi, { type ObjectSchema, type Schema } from 'joi';

const stamped = {
  id: Joi.string().required(),
  changedAt: Joi.string().required(),
  changedBy: Joi.string().valid('clinic', 'patient', 'staff').required(),
};

/** The schema of a stored clinic document: its body, who changed it last, and `extra`. */
export function storedAnswer(body: ObjectSchema, label: string, extra: Readonly<Record<string, Schema>> = {}): Schema {
  return body.keys({ ...stamped, ...extra }).label(label);
}
