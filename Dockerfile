# The images of the processor (with the setup step) and of the gateway:
#
#     docker build --target processor -t booking/processor .
#     docker build --target gateway   -t booking/gateway .

ARG BUILD_IMAGE=maven:3.9-eclipse-temurin-17
ARG JAVA_IMAGE=eclipse-temurin:25-jre

FROM ${BUILD_IMAGE} AS build
# "source" compiles here; "jars" takes what mvn package has left on this machine, and needs no network.
ARG BUILD_FROM=source
WORKDIR /source
COPY . .
# Libraries of others change seldom and ours with each build, so they get layers of their own. Everybody may read them, also
# where files of this machine are made for their owner alone.
RUN set -eu; \
    case $BUILD_FROM in \
    source) \
        rm -rf ./*/target; \
        mvn -B -ntp -q -Dmaven.test.skip=true -Dspotless.check.skip=true -pl processor,api-gateway -am package;; \
    jars) ;; \
    *) echo "BUILD_FROM is $BUILD_FROM, must be source or jars" >&2; exit 1;; \
    esac; \
    for module in processor api-gateway; do \
        if [ ! -d $module/target/lib ]; then \
            echo "no $module/target/lib; run: mvn -Dmaven.test.skip=true -pl processor,api-gateway -am package" >&2; exit 1; \
        fi; \
        mkdir -p /layers/$module/theirs /layers/$module/ours; \
        for library in $module/target/lib/*.jar; do \
            name=$(basename "$library" .jar); \
            if [ -f "${name%-*-SNAPSHOT}/pom.xml" ] || [ -f "${name%-[0-9]*}/pom.xml" ]; then to=ours; else to=theirs; fi; \
            cp "$library" /layers/$module/$to; \
        done; \
        cp $module/target/$module-*.jar /layers/$module/ours; \
    done; \
    cp -r deploy/image /layers; \
    chmod -R a+rX /layers

FROM ${JAVA_IMAGE} AS service
COPY --from=build /layers/image /opt/booking
# No name and no home are needed, only not to be root.
USER 10001:10001
WORKDIR /tmp
STOPSIGNAL SIGTERM
# The exec form, so that the service itself gets the signal to stop.
ENTRYPOINT ["java", "@/opt/booking/java-options", "-cp", "/opt/booking/theirs/*:/opt/booking/ours/*"]

# Decides commands. Its other main class, booking.processor.setup.SetupApplication, makes tables and topics.
FROM service AS processor
COPY --from=build /layers/processor/theirs /opt/booking/theirs
COPY --from=build /layers/processor/ours /opt/booking/ours
ENV BOOKING_PROCESSOR_HEALTH_HOST=0.0.0.0
EXPOSE 8081
CMD ["booking.processor.ProcessorApplication"]

# HTTP in front of the topics. On an address that others reach it wants to know who may call: docs/access.md.
FROM service AS gateway
COPY --from=build /layers/api-gateway/theirs /opt/booking/theirs
COPY --from=build /layers/api-gateway/ours /opt/booking/ours
ENV BOOKING_HTTP_HOST=0.0.0.0
EXPOSE 8080
CMD ["booking.gateway.GatewayApplication"]
