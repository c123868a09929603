# PgBouncer of Debian 13 (1.24), which follows prepared statements. It reads /etc/pgbouncer/pgbouncer.ini
# (infra/helm/hemvist/files/pgbouncer.ini), databases.ini and server.ini beside it, and the list of users: all
# of them mounted.
FROM debian:trixie-slim

# The distribution's own, with its corrections: a pinned number would be gone with the next of them.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends pgbouncer ca-certificates \
    && rm -rf /var/lib/apt/lists/* /etc/pgbouncer/* \
    && groupadd --gid 10002 pooler \
    && useradd --uid 10002 --gid 10002 --no-create-home --home-dir /nonexistent \
        --shell /usr/sbin/nologin pooler

USER 10002:10002
EXPOSE 6432
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/6432"]
STOPSIGNAL SIGINT
ENTRYPOINT ["pgbouncer"]
CMD ["/etc/pgbouncer/pgbouncer.ini"]
