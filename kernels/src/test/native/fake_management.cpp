// A libnvidia-ml.so.1 for tests, of one GPU on the bus at 0000:41:00.0.
#include <cstdio>
#include <cstring>

extern "C" {

int nvmlInit_v2(void) { return 0; }

int nvmlDeviceGetHandleByPciBusId_v2(const char* bus, void** device) {
    *device = reinterpret_cast<void*>(77);
    return strcmp(bus, "0000:41:00.0") == 0 ? 0 : 2;
}

int nvmlSystemGetDriverVersion(char* version, unsigned length) {
    snprintf(version, length, "580.95.05");
    return 0;
}

int nvmlDeviceGetClockInfo(void* device, int clock, unsigned* megahertz) {
    *megahertz = clock == 1 ? 1350 : 0;
    return device == reinterpret_cast<void*>(77) ? 0 : 2;
}

int nvmlDeviceGetMaxClockInfo(void* device, int clock, unsigned* megahertz) {
    *megahertz = clock == 1 ? 1980 : 0;
    return device == reinterpret_cast<void*>(77) ? 0 : 2;
}

int nvmlDeviceGetTemperature(void* device, int sensor, unsigned* celsius) {
    *celsius = sensor == 0 ? 51 : 0;
    return device == reinterpret_cast<void*>(77) ? 0 : 2;
}

#ifndef WITHOUT_POWER
int nvmlDeviceGetPowerUsage(void* device, unsigned* milliwatts) {
    *milliwatts = 412500;
    return device == reinterpret_cast<void*>(77) ? 0 : 2;
}
#endif

}  // extern "C"
