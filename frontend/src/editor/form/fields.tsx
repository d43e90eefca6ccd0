import type { FieldPathList, FieldProps, RegistryFieldsType } from "@rjsf/utils";
import type { ComponentType } from "react";

import {
  ChoiceControl,
  type ControlProps,
  ExpressionControl,
  JsonControl,
  LinesControl,
  NumberControl,
  PairsControl,
  SwitchControl,
  TextControl,
} from "./controls.tsx";
import { FilesControl } from "./files-control.tsx";
import { type Judged, messagesAt } from "./issues.ts";
import type { Schema } from "./shape.ts";

type Control = ComponentType<ControlProps>;

const BY_FORMAT: Readonly<Record<string, Control>> = {
  expression: ExpressionControl,
  textarea: LinesControl,
  code: ExpressionControl,
  json: JsonControl,
  pairs: PairsControl,
  "file-ids": FilesControl,
};

/** The fields of the form: each is one of our controls. */
export const FIELDS: RegistryFieldsType = {
  StringField: fieldOf((schema) => BY_FORMAT[String(schema["format"])] ?? TextControl),
  NumberField: fieldOf(() => NumberControl),
  BooleanField: fieldOf(() => SwitchControl),
  NullField: fieldOf(() => JsonControl),
  FallbackField: fieldOf(() => JsonControl),
};

function fieldOf(pick: (schema: Schema) => Control) {
  return function Field({ fieldPathId, formData, schema, registry, onChange }: FieldProps) {
    const { path, $id } = fieldPathId as { path: FieldPathList; $id: string };
    const ControlHere = "enum" in schema ? ChoiceControl : pick(schema as Schema);
    const isWrong = messagesAt(registry.formContext as Judged, path).length > 0;
    const change = (value: unknown) => onChange(value, path);
    return <ControlHere id={$id} value={formData} schema={schema as Schema} isWrong={isWrong} onChange={change} />;
  };
}
