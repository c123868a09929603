{{/* Names, labels and what every pod of Hemvist has. */}}
{{- define "hemvist.name" -}}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{- end }}

{{- define "hemvist.labels" -}}
app.kubernetes.io/name: hemvist
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "hemvist.meta" -}}
name: {{ include "hemvist.name" .root }}-{{ .component }}
labels:
  {{- include "hemvist.labels" . | nindent 2 }}
  app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
  app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{- end }}

{{- define "hemvist.image" -}}
{{ required "image.repository is where the image was pushed to" .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ required "image.tag or image.digest" .tag }}{{ end }}
{{- end }}

{{- define "hemvist.podSecurity" -}}
automountServiceAccountToken: false
# A Service named hemvist-… would otherwise look like a setting.
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: {{ .user }}
  runAsGroup: {{ .user }}
  fsGroup: {{ .user }}
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "hemvist.containerSecurity" -}}
securityContext:
  runAsNonRoot: true
  readOnlyRootFilesystem: true
  allowPrivilegeEscalation: false
  capabilities: {drop: [ALL]}
{{- end }}

{{/* Not two of a kind on one node, where there is another. */}}
{{- define "hemvist.spread" -}}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "hemvist.labels" . | nindent 8 }}
{{- end }}

{{/* Settings: .audiences are those whose address this process is given. */}}
{{- define "hemvist.env" -}}
- {name: HEMVIST_ENVIRONMENT, value: production}
- {name: HEMVIST_BASE_URL, value: {{ required "baseUrl is the https address that people use" .root.Values.baseUrl | quote }}}
- {name: HEMVIST_LOG_LEVEL, value: {{ .root.Values.logLevel }}}
- {name: HEMVIST_RUN_DIR, value: /tmp}
- {name: HEMVIST_TENANTS_DIR, value: /etc/hemvist/tenants}
- {name: HEMVIST_KEY_FOLDER, value: /var/lib/hemvist/keys}
- {name: HEMVIST_SECRET_KEY_FILE, value: /run/secrets/hemvist/secret-key}
- {name: HEMVIST_REDIS_URL_FILE, value: /run/secrets/hemvist/redis-url}
- {name: HEMVIST_DATABASE_POOLED, value: "true"}
{{- range .audiences }}
- {name: HEMVIST_DATABASE_URL_{{ upper . }}_FILE, value: /run/secrets/hemvist/database-url-{{ . }}}
{{- end }}
{{- if .administrator }}
- {name: HEMVIST_DATABASE_URL_FILE, value: /run/secrets/hemvist/database-url}
{{- end }}
{{- with .root.Values.telemetry.endpoint }}
- {name: HEMVIST_OTLP_ENDPOINT, value: {{ . | quote }}}
{{- end }}
{{- range $name, $value := .root.Values.settings }}
- {name: {{ $name }}, value: {{ $value | toString | quote }}}
{{- end }}
{{- end }}

{{- define "hemvist.mounts" -}}
- {name: tmp, mountPath: /tmp}
- {name: secrets, mountPath: /run/secrets/hemvist, readOnly: true}
- {name: tenants, mountPath: /etc/hemvist/tenants, readOnly: true}
{{- if .root.Values.tenantsSecret }}
- {name: tenants-secrets, mountPath: /run/secrets/tenants, readOnly: true}
{{- end }}
{{- if .keys }}
- {name: keys, mountPath: /var/lib/hemvist/keys, readOnly: {{ not .administrator }}}
- {name: masters, mountPath: /var/lib/hemvist/keys/master, readOnly: true}
{{- end }}
{{- if .anchors }}
- {name: anchors, mountPath: /var/lib/hemvist/anchors}
{{- end }}
{{- if and .thinned .root.Values.thinned.existingClaim }}
- {name: thinned, mountPath: /var/lib/hemvist/thinned}
{{- end }}
{{- end }}

{{- define "hemvist.volumes" -}}
- name: tmp
  emptyDir: {sizeLimit: 128Mi}
- name: secrets
  secret:
    secretName: {{ required "existingSecret holds the files of hemvist secrets" .root.Values.existingSecret }}
    defaultMode: 0440
    items:
      - {key: secret-key, path: secret-key}
      - {key: redis-url, path: redis-url}
      {{- range .audiences }}
      - {key: database-url-{{ . }}, path: database-url-{{ . }}}
      {{- end }}
      {{- if .administrator }}
      - {key: database-url, path: database-url}
      {{- end }}
      {{- if .watch }}
      - {key: watch-token, path: watch-token}
      {{- end }}
      {{- range .root.Values.moreSecrets }}
      - {key: {{ . }}, path: {{ . }}}
      {{- end }}
- name: tenants
  configMap:
    name: {{ required "tenantsConfigMap holds a file for each kommun" .root.Values.tenantsConfigMap }}
{{- with .root.Values.tenantsSecret }}
- name: tenants-secrets
  secret: {secretName: {{ . }}, defaultMode: 0440}
{{- end }}
{{- if .keys }}
- name: keys
  persistentVolumeClaim:
    claimName: {{ required "keys.existingClaim is the volume of the kommuner's keys" .root.Values.keys.existingClaim }}
- name: masters
  secret:
    secretName: {{ .root.Values.existingSecret }}
    defaultMode: 0440
    items:
      {{- range $number, $key := .root.Values.keys.masters }}
      - {key: {{ $key }}, path: {{ $number }}.key}
      {{- end }}
{{- end }}
{{- if .anchors }}
- name: anchors
  persistentVolumeClaim:
    claimName: {{ required "anchors.existingClaim is the volume of the audit log's anchors" .root.Values.anchors.existingClaim }}
{{- end }}
{{- if .thinned }}
{{- with .root.Values.thinned.existingClaim }}
- name: thinned
  persistentVolumeClaim: {claimName: {{ . }}}
{{- end }}
{{- end }}
{{- end }}
