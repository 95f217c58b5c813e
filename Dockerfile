# The centre in a container: built from source, run without root. Build: docker build -t tactus .

# ---- builder: page, agents of both architectures, centre -------------------------------------------------------------
FROM rust:1.95-bookworm AS builder
# ring compiles a little C for both kinds of agents.
RUN case "$(dpkg --print-architecture)" in \
      amd64) cross="gcc-aarch64-linux-gnu libc6-dev-arm64-cross" ;; \
      *) cross="gcc-x86-64-linux-gnu libc6-dev-amd64-cross" ;; \
    esac \
 && apt-get update \
 && apt-get install -y --no-install-recommends nodejs npm $cross \
 && rm -rf /var/lib/apt/lists/* \
 && rustup target add wasm32-unknown-unknown x86_64-unknown-linux-musl aarch64-unknown-linux-musl
WORKDIR /src
COPY . .
RUN cargo xtask dist && mv target/dist-archive/tactus-*/ /tactus

# ---- what runs -------------------------------------------------------------------------------------------------------
FROM debian:bookworm-slim
RUN useradd --system --uid 10001 --home-dir /var/lib/tactus --create-home tactus
COPY --from=builder /tactus /opt/tactus
# The page and the agents are found beside the program.
ENV TACTUS_DATA_DIR=/var/lib/tactus/data TACTUS_LISTEN=127.0.0.1:3000
USER tactus
WORKDIR /var/lib/tactus
RUN mkdir data
VOLUME /var/lib/tactus/data
EXPOSE 3000
# bash speaks HTTP well enough, so that the image needs no further program.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/${TACTUS_LISTEN##*:} && printf 'GET /healthz HTTP/1.0\\r\\nHost: 127.0.0.1\\r\\n\\r\\n' >&3 && grep -q '^ok' <&3"]
ENTRYPOINT ["/opt/tactus/tactus"]
CMD ["serve"]
