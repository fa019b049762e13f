# The image of Houska: what Apache Kafka's and Confluent's images are to those who start them, in one executable.
# docker build -t houska .

FROM node:24-trixie-slim AS build
WORKDIR /houska
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY build.ts bunfig.toml tsconfig.json ./
COPY src src
RUN node_modules/.bin/bun build.ts /houska/dist/houska

FROM debian:trixie-slim

# Busybox stands in for what the base leaves out. The shell is bash, because others lose variables with a dash in
# their name, and Kafka's listeners have such names.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends busybox netcat-openbsd \
  && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/* \
  && ln -sf bash /bin/sh \
  && for applet in $(busybox --list); do \
    command -v "$applet" >/dev/null || ln -s busybox "/usr/bin/$applet"; \
  done \
  && useradd --uid 1000 --user-group --create-home --shell /bin/bash appuser

COPY src/image/root/ /
COPY --from=build /houska/dist/houska /usr/bin/houska

# Each tool of Kafka's is a link to the executable, in Kafka's folder and on the PATH, with .sh and without. A
# properties file is there for those who start the broker by themselves.
RUN mkdir -p /opt/kafka/config/kraft /opt/kafka/logs \
  && houska configure --to /opt/kafka/config/server.properties \
  && ln -s ../server.properties /opt/kafka/config/kraft/server.properties \
  && for tool in $(houska tool-names); do ln -s /usr/bin/houska "/opt/kafka/bin/$tool.sh"; done \
  && for tool in /opt/kafka/bin/*.sh; do \
    ln -s "$tool" /usr/bin/ && ln -s "$tool" "/usr/bin/$(basename "$tool" .sh)"; \
  done

# Volumes that are mounted where other images have their data take over whose these folders are. Some platforms run
# containers with a user of their own choice, which is always in the group root.
RUN mkdir -p /etc/kafka/secrets /mnt/shared/config /var/lib/kafka/data \
    /bitnami/kafka/config /bitnami/kafka/data /tmp/kraft-combined-logs /tmp/kafka-logs \
  && for folder in /etc/kafka /etc/confluent /home/appuser /mnt/shared /opt/kafka /var/lib/kafka \
    /bitnami /tmp/kraft-combined-logs /tmp/kafka-logs; do \
    chown -hR appuser:root "$folder" && chmod -R g=u "$folder"; \
  done

USER appuser
WORKDIR /home/appuser
EXPOSE 9092
VOLUME ["/etc/kafka/secrets", "/mnt/shared/config", "/var/lib/kafka/data"]
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=3 CMD ["houska", "health"]
CMD ["/etc/kafka/docker/run"]
