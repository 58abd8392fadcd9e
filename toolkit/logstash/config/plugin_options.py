"""Option names of the plugins in common use, as Logstash 9.2.0 bundles them.

A ``!`` marks an option without which the plugin does not start; ``old~new`` an obsolete
one that keeps it from starting, and what took its place. Options that all plugins of a
kind have are listed under ``*``. Emulated filters are not listed: their classes know.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

__all__ = ["OPTIONS", "Kind"]

Kind: TypeAlias = Literal["input", "filter", "output", "codec"]

OPTIONS: Mapping[Kind, Mapping[str, str]] = {
    "input": {
        "*": (
            "id enable_metric type codec tags add_field debug~ format~codec charset~codec "
            "message_format~"
        ),
        "beats": (
            "host port! ssl_certificate ssl_enabled ssl_key ssl_key_passphrase "
            "ssl_certificate_authorities ssl_client_authentication include_codec_tag "
            "ssl_handshake_timeout ssl_cipher_suites ssl_supported_protocols "
            "client_inactivity_timeout executor_threads event_loop_threads add_hostname "
            "ssl~ssl_enabled ssl_peer_metadata~enrich ssl_verify_mode~ssl_client_authentication "
            "cipher_suites~ssl_cipher_suites tls_min_version~ssl_supported_protocols "
            "tls_max_version~ssl_supported_protocols enrich ecs_compatibility"
        ),
        "cloudwatch": (
            "namespace metrics statistics interval period filters combined region access_key_id "
            "secret_access_key session_token proxy_uri endpoint role_arn role_session_name "
            "aws_credentials_file use_aws_bundled_ca web_identity_token_file"
        ),
        "elasticsearch": (
            "hosts index query_type query response_type size retries search_api scroll slices "
            "tracking_field tracking_field_seed last_run_metadata_path docinfo docinfo_target "
            "docinfo_fields custom_headers user password connect_timeout_seconds "
            "request_timeout_seconds socket_timeout_seconds cloud_id cloud_auth api_key proxy "
            "ssl_certificate ssl_certificate_authorities ssl_cipher_suites ssl_enabled ssl_key "
            "ssl_keystore_password ssl_keystore_path ssl_keystore_type ssl_supported_protocols "
            "ssl_truststore_password ssl_truststore_path ssl_truststore_type "
            "ssl_verification_mode schedule schedule_overlap target ssl~ssl_enabled "
            "ca_file~ssl_certificate_authorities "
            "ssl_certificate_verification~ssl_verification_mode ecs_compatibility "
            "ca_trusted_fingerprint"
        ),
        "exec": "command! interval schedule ecs_compatibility",
        "file": (
            "path! exclude stat_interval discover_interval sincedb_path sincedb_write_interval "
            "start_position delimiter ignore_older close_older max_open_files mode "
            "file_completed_action file_completed_log_path sincedb_clean_after file_chunk_size "
            "file_chunk_count file_sort_by file_sort_direction exit_after_read "
            "check_archive_validity ecs_compatibility"
        ),
        "gelf": "host port port_tcp port_udp remap strip_leading_underscore use_tcp use_udp",
        "generator": "message lines count ecs_compatibility threads",
        "heartbeat": "message interval count sequence ecs_compatibility threads",
        "http": (
            "host port user password ssl_enabled ssl_certificate ssl_key ssl_keystore_password "
            "ssl_keystore_path ssl_keystore_type ssl_key_passphrase ssl_truststore_password "
            "ssl_truststore_path ssl_truststore_type ssl_certificate_authorities "
            "ssl_client_authentication ssl_handshake_timeout ssl_cipher_suites "
            "ssl_supported_protocols additional_codecs response_headers "
            "remote_host_target_field request_headers_target_field threads max_pending_requests "
            "max_content_length response_code ssl~ssl_enabled keystore~ssl_keystore_path "
            "keystore_password~ssl_keystore_password verify_mode~ssl_client_authentication "
            "cipher_suites~ssl_cipher_suites tls_min_version~ssl_supported_protocols "
            "tls_max_version~ssl_supported_protocols ssl_verify_mode~ssl_client_authentication "
            "ecs_compatibility"
        ),
        "http_poller": (
            "urls! schedule! target metadata_target ecs_compatibility request_timeout "
            "socket_timeout connect_timeout follow_redirects pool_max pool_max_per_route "
            "keepalive automatic_retries retry_non_idempotent validate_after_inactivity "
            "ssl_enabled ssl_certificate_authorities ssl_certificate ssl_key ssl_keystore_path "
            "ssl_keystore_password ssl_keystore_type ssl_verification_mode ssl_cipher_suites "
            "ssl_supported_protocols ssl_truststore_path ssl_truststore_password "
            "ssl_truststore_type cookies proxy user password cacert~ssl_certificate_authorities "
            "client_cert~ssl_certificate client_key~ssl_key keystore~ssl_keystore_path "
            "keystore_type~ssl_keystore_type truststore~ssl_truststore_path "
            "truststore_type~ssl_truststore_type keystore_password~ssl_keystore_password "
            "truststore_password~ssl_truststore_password"
        ),
        "jdbc": (
            "statement statement_filepath parameters schedule interval period "
            "last_run_metadata_path use_column_value tracking_column tracking_column_type "
            "clean_run record_last_run lowercase_column_names charset columns_charset "
            "use_prepared_statements prepared_statement_name prepared_statement_bind_values "
            "target ecs_compatibility jdbc_driver_library jdbc_driver_class! "
            "jdbc_connection_string! jdbc_user! jdbc_password jdbc_password_filepath "
            "jdbc_paging_enabled jdbc_paging_mode jdbc_page_size jdbc_fetch_size "
            "jdbc_validate_connection jdbc_validation_timeout jdbc_pool_timeout "
            "jdbc_default_timezone sequel_opts sql_log_level connection_retry_attempts "
            "connection_retry_attempts_wait_time statement_retry_attempts "
            "statement_retry_attempts_wait_time plugin_timezone"
        ),
        "kafka": (
            "auto_commit_interval_ms auto_offset_reset bootstrap_servers check_crcs "
            "client_dns_lookup client_id consumer_threads enable_auto_commit "
            "exclude_internal_topics fetch_max_bytes fetch_max_wait_ms fetch_min_bytes group_id "
            "group_instance_id heartbeat_interval_ms isolation_level key_deserializer_class "
            "max_poll_interval_ms max_partition_fetch_bytes max_poll_records "
            "partition_assignment_strategy receive_buffer_bytes reconnect_backoff_ms "
            "retry_backoff_ms send_buffer_bytes session_timeout_ms value_deserializer_class "
            "topics topics_pattern poll_timeout_ms client_rack ssl_truststore_type "
            "ssl_truststore_location ssl_truststore_password ssl_keystore_type "
            "ssl_keystore_location ssl_keystore_password ssl_key_password "
            "ssl_endpoint_identification_algorithm security_protocol "
            "sasl_client_callback_handler_class sasl_oauthbearer_token_endpoint_url "
            "sasl_oauthbearer_scope_claim_name sasl_login_callback_handler_class "
            "sasl_iam_jar_paths sasl_login_connect_timeout_ms sasl_login_read_timeout_ms "
            "sasl_login_retry_backoff_ms sasl_login_retry_backoff_max_ms sasl_mechanism "
            "sasl_kerberos_service_name jaas_path sasl_jaas_config kerberos_config "
            "auto_create_topics decorate_events connections_max_idle_ms metadata_max_age_ms "
            "request_timeout_ms schema_registry_key schema_registry_secret schema_registry_url "
            "schema_registry_proxy schema_registry_ssl_keystore_location "
            "schema_registry_ssl_keystore_password schema_registry_ssl_keystore_type "
            "schema_registry_ssl_truststore_location schema_registry_ssl_truststore_password "
            "schema_registry_ssl_truststore_type schema_registry_validation"
        ),
        "logstash": (
            "host port username password ssl_enabled ssl_certificate ssl_key ssl_key_passphrase "
            "ssl_keystore_path ssl_keystore_password ssl_client_authentication "
            "ssl_certificate_authorities ssl_handshake_timeout ssl_cipher_suites "
            "ssl_supported_protocols"
        ),
        "pipe": "command! ecs_compatibility",
        "pipeline": "address!",
        "rabbitmq": (
            "queue durable auto_delete exclusive arguments prefetch_count ack passive exchange "
            "exchange_type key subscription_retry_interval_seconds metadata_enabled threads "
            "host! port user password vhost ssl ssl_version ssl_certificate_path "
            "ssl_certificate_password automatic_recovery connect_retry_interval "
            "connection_timeout heartbeat"
        ),
        "redis": (
            "host port ssl path db timeout password key! data_type! batch_count command_map "
            "threads"
        ),
        "s3": (
            "bucket! prefix additional_settings sincedb_path backup_to_bucket backup_add_prefix "
            "backup_to_dir delete interval watch_for_new_files exclude_pattern "
            "temporary_directory include_object_properties gzip_pattern ecs_compatibility "
            "region access_key_id secret_access_key session_token proxy_uri endpoint role_arn "
            "role_session_name aws_credentials_file use_aws_bundled_ca web_identity_token_file"
        ),
        "sqs": (
            "additional_settings queue! queue_owner_aws_account_id id_field md5_field "
            "sent_timestamp_field polling_frequency threads region access_key_id "
            "secret_access_key session_token proxy_uri endpoint role_arn role_session_name "
            "aws_credentials_file use_aws_bundled_ca web_identity_token_file"
        ),
        "stdin": "ecs_compatibility",
        "syslog": (
            "host port syslog_field grok_pattern proxy_protocol use_labels facility_labels "
            "severity_labels timezone locale service_type ecs_compatibility"
        ),
        "tcp": (
            "host port! mode proxy_protocol ssl_enabled ssl_client_authentication "
            "ssl_verification_mode ssl_certificate ssl_key ssl_key_passphrase "
            "ssl_extra_chain_certs ssl_certificate_authorities ssl_supported_protocols "
            "ssl_cipher_suites tcp_keep_alive dns_reverse_lookup_enabled ssl_enable~ssl_enabled "
            "ssl_verify~ssl_client_authentication ssl_cert~ssl_certificate ecs_compatibility"
        ),
        "udp": (
            "host port! buffer_size receive_buffer_bytes workers queue_size source_ip_fieldname "
            "ecs_compatibility"
        ),
    },
    "filter": {
        "*": (
            "id enable_metric add_field remove_field add_tag remove_tag periodic_flush type~ "
            "tags~ exclude_tags~"
        ),
        "aggregate": (
            "task_id! code! map_action end_of_task aggregate_maps_path timeout "
            "inactivity_timeout timeout_code push_map_as_event_on_timeout "
            "push_previous_map_as_event timeout_timestamp_field timeout_task_id_field "
            "timeout_tags"
        ),
        "dns": (
            "reverse resolve action nameserver timeout max_retries hit_cache_size hit_cache_ttl "
            "failed_cache_size failed_cache_ttl hostsfile tag_on_timeout"
        ),
        "fingerprint": (
            "source target key base64encode method concatenate_sources concatenate_all_fields "
            "ecs_compatibility"
        ),
        "geoip": (
            "database default_database_type source! fields target cache_size tag_on_failure "
            "ecs_compatibility"
        ),
        "jdbc_static": (
            "loaders local_db_objects local_lookups! loader_schedule tag_on_failure "
            "tag_on_default_use jdbc_driver_library jdbc_driver_class! jdbc_connection_string! "
            "jdbc_user jdbc_password staging_directory ecs_compatibility"
        ),
        "jdbc_streaming": (
            "statement! parameters target! default_hash tag_on_failure tag_on_default_use "
            "use_cache cache_expiration cache_size use_prepared_statements "
            "prepared_statement_name prepared_statement_bind_values "
            "prepared_statement_warn_on_constant_usage sequel_opts jdbc_driver_library "
            "jdbc_driver_class! jdbc_connection_string! jdbc_user jdbc_password "
            "jdbc_validate_connection jdbc_validation_timeout"
        ),
        "metrics": (
            "meter timer ignore_older_than flush_interval clear_interval rates percentiles"
        ),
        "ruby": "init code path script_params tag_on_exception tag_with_exception_message",
        "sleep": "time every replay",
        "throttle": "key! before_count after_count period max_age max_counters",
        "uuid": "target! overwrite",
        "xml": (
            "source! target xpath parse_options store_xml force_array force_content namespaces "
            "remove_namespaces suppress_empty"
        ),
    },
    "output": {
        "*": "id enable_metric codec workers type~ tags~ exclude_tags~",
        "cloudwatch": (
            "timeframe queue_size batch_size namespace field_namespace metricname "
            "field_metricname unit field_unit value field_value dimensions field_dimensions "
            "region access_key_id secret_access_key session_token proxy_uri endpoint role_arn "
            "role_session_name aws_credentials_file use_aws_bundled_ca web_identity_token_file"
        ),
        "csv": (
            "fields! csv_options spreadsheet_safe path! flush_interval gzip filename_failure "
            "create_if_deleted dir_mode file_mode write_behavior stale_cleanup_interval"
        ),
        "elasticsearch": (
            "action index document_type manage_template template_name template "
            "template_overwrite template_api version version_type routing parent join_field "
            "upsert doc_as_upsert script script_type script_lang script_var_name "
            "scripted_upsert retry_on_conflict pipeline ilm_enabled ilm_rollover_alias "
            "ilm_pattern ilm_policy ecs_compatibility user password api_key cloud_auth "
            "document_id path bulk_path parameters ssl_enabled ssl_verification_mode "
            "ssl_certificate_authorities ca_trusted_fingerprint ssl_truststore_path "
            "ssl_truststore_type ssl_truststore_password ssl_keystore_path ssl_keystore_type "
            "ssl_keystore_password ssl_supported_protocols ssl_certificate ssl_key "
            "ssl_cipher_suites sniffing sniffing_delay sniffing_path proxy timeout "
            "failure_type_logging_whitelist silence_errors_in_log pool_max pool_max_per_route "
            "healthcheck_path resurrect_delay validate_after_inactivity http_compression "
            "compression_level custom_headers hosts cloud_id retry_initial_interval "
            "retry_max_interval dlq_custom_codes dlq_on_failed_indexname_interpolation "
            "ssl~ssl_enabled ssl_certificate_verification~ssl_verification_mode "
            "cacert~ssl_certificate_authorities truststore~ssl_truststore_path "
            "keystore~ssl_keystore_path truststore_password~ssl_truststore_password "
            "keystore_password~ssl_keystore_password data_stream data_stream_type "
            "data_stream_dataset data_stream_namespace data_stream_sync_fields "
            "data_stream_auto_routing"
        ),
        "email": (
            "to! from replyto cc bcc via address port domain username password authentication "
            "use_tls debug subject body template_file htmlbody attachments contenttype"
        ),
        "file": (
            "path! flush_interval gzip filename_failure create_if_deleted dir_mode file_mode "
            "write_behavior stale_cleanup_interval"
        ),
        "http": (
            "url http_method headers content_type retry_failed retryable_codes ignorable_codes "
            "mapping format http_compression message request_timeout socket_timeout "
            "connect_timeout follow_redirects pool_max pool_max_per_route keepalive "
            "automatic_retries retry_non_idempotent validate_after_inactivity ssl_enabled "
            "ssl_certificate_authorities ssl_certificate ssl_key ssl_keystore_path "
            "ssl_keystore_password ssl_keystore_type ssl_verification_mode ssl_cipher_suites "
            "ssl_supported_protocols ssl_truststore_path ssl_truststore_password "
            "ssl_truststore_type cookies proxy user password cacert~ssl_certificate_authorities "
            "client_cert~ssl_certificate client_key~ssl_key keystore~ssl_keystore_path "
            "keystore_type~ssl_keystore_type truststore~ssl_truststore_path "
            "truststore_type~ssl_truststore_type keystore_password~ssl_keystore_password "
            "truststore_password~ssl_truststore_password"
        ),
        "kafka": (
            "acks batch_size bootstrap_servers buffer_memory compression_type client_dns_lookup "
            "client_id key_serializer linger_ms max_request_size message_key message_headers "
            "metadata_fetch_timeout_ms partitioner receive_buffer_bytes reconnect_backoff_ms "
            "retries retry_backoff_ms send_buffer_bytes ssl_truststore_type "
            "ssl_truststore_location ssl_truststore_password ssl_keystore_type "
            "ssl_keystore_location ssl_keystore_password ssl_key_password "
            "ssl_endpoint_identification_algorithm security_protocol "
            "sasl_client_callback_handler_class sasl_iam_jar_paths "
            "sasl_oauthbearer_token_endpoint_url sasl_oauthbearer_scope_claim_name "
            "sasl_login_callback_handler_class sasl_login_connect_timeout_ms "
            "sasl_login_read_timeout_ms sasl_login_retry_backoff_ms "
            "sasl_login_retry_backoff_max_ms sasl_mechanism sasl_kerberos_service_name "
            "jaas_path sasl_jaas_config kerberos_config topic_id! value_serializer "
            "connections_max_idle_ms metadata_max_age_ms request_timeout_ms"
        ),
        "logstash": (
            "hosts! username ssl_enabled user request_timeout socket_timeout connect_timeout "
            "follow_redirects pool_max pool_max_per_route keepalive automatic_retries "
            "retry_non_idempotent validate_after_inactivity ssl_certificate_authorities "
            "ssl_certificate ssl_key ssl_keystore_path ssl_keystore_password ssl_keystore_type "
            "ssl_verification_mode ssl_cipher_suites ssl_supported_protocols "
            "ssl_truststore_path ssl_truststore_password ssl_truststore_type cookies proxy "
            "password"
        ),
        "null": "",
        "pipe": "message_format command! ttl",
        "pipeline": "send_to! ensure_delivery",
        "rabbitmq": (
            "key exchange! exchange_type! durable persistent message_properties host! port user "
            "password vhost ssl ssl_version ssl_certificate_path ssl_certificate_password "
            "automatic_recovery connect_retry_interval connection_timeout heartbeat passive "
            "arguments"
        ),
        "redis": (
            "host shuffle_hosts port ssl_enabled ssl_certificate_authorities "
            "ssl_verification_mode ssl_certificate ssl_key ssl_key_passphrase "
            "ssl_supported_protocols ssl_cipher_suites db timeout password key! data_type! "
            "batch batch_events batch_timeout reconnect_interval congestion_threshold "
            "congestion_interval"
        ),
        "s3": (
            "bucket! additional_settings size_file time_file restore canned_acl "
            "server_side_encryption server_side_encryption_algorithm ssekms_key_id "
            "storage_class temporary_directory prefix upload_workers_count upload_queue_size "
            "upload_multipart_threshold signature_version tags encoding rotation_strategy "
            "validate_credentials_on_root_bucket retry_count retry_delay region access_key_id "
            "secret_access_key session_token proxy_uri endpoint role_arn role_session_name "
            "aws_credentials_file use_aws_bundled_ca web_identity_token_file"
        ),
        "sns": (
            "arn publish_boot_message_arn region access_key_id secret_access_key session_token "
            "proxy_uri endpoint role_arn role_session_name aws_credentials_file "
            "use_aws_bundled_ca web_identity_token_file"
        ),
        "sqs": (
            "batch_events message_max_size queue! queue_owner_aws_account_id region "
            "access_key_id secret_access_key session_token proxy_uri endpoint role_arn "
            "role_session_name aws_credentials_file use_aws_bundled_ca web_identity_token_file"
        ),
        "stdout": "",
        "tcp": (
            "host! port! reconnect_interval mode ssl_enabled ssl_client_authentication "
            "ssl_verification_mode ssl_certificate_authorities ssl_certificate ssl_key "
            "ssl_key_passphrase ssl_supported_protocols ssl_cipher_suites "
            "ssl_enable~ssl_enabled ssl_verify~ssl_client_authentication "
            "ssl_cacert~ssl_certificate_authorities ssl_cert~ssl_certificate"
        ),
        "udp": "host! port! retry_count retry_backoff_ms",
    },
    "codec": {
        "*": "id enable_metric",
        "cef": (
            "vendor product version signature name severity fields reverse_mapping delimiter "
            "default_timezone locale raw_data_field device ecs_compatibility"
        ),
        "cloudfront": "charset",
        "cloudtrail": "charset",
        "dots": "",
        "json": "charset target ecs_compatibility",
        "json_lines": "charset delimiter decode_size_limit_bytes target ecs_compatibility",
        "line": "format charset delimiter ecs_compatibility",
        "multiline": (
            "pattern! what! negate patterns_dir charset multiline_tag max_lines max_bytes "
            "auto_flush_interval ecs_compatibility"
        ),
        "plain": "format charset ecs_compatibility",
        "rubydebug": "metadata",
    },
}
